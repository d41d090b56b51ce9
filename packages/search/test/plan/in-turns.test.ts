import { setImmediate as nextTurn } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { inTurns } from '../../src/plan/in-turns.ts';

describe('a long computation', () => {
  it('lets others go on between its steps, and gives its result', async () => {
    let others = 0;
    void nextTurn().then(() => (others += 1));
    function* untilOthersRan(): Generator<undefined, string> {
      while (others === 0) yield undefined;
      return 'done';
    }
    expect(await inTurns(untilOthersRan())).toBe('done');
  });

  it('fails as its step does', async () => {
    function* failing(): Generator<undefined, string> {
      yield undefined;
      throw new Error('It cannot be done.');
    }
    await expect(inTurns(failing())).rejects.toThrow('It cannot be done.');
  });
});
