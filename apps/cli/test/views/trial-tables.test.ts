import { describe, expect, it } from 'vitest';

import { renderTrial, renderTrials } from '../../src/views/trial-tables.ts';
import { trial } from '../samples.ts';

describe('a trial that has taken over the end of another', () => {
  it('says so in the list, and names the other where it stands alone', () => {
    const taken = trial({ takenOverFrom: 'an earlier trial' });
    expect(renderTrials([taken])).toContain('taken over');
    expect(renderTrial(taken)).toContain('Taken over from the equal trial an earlier trial; nothing was trained.');
    expect(renderTrial(trial())).not.toMatch(/taken over/i);
  });
});
