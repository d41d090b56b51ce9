import { describe, expect, it } from 'vitest';

import { nameRepeatedStatements } from '../../src/database/statement-names.ts';

function ask(nameOf: ReturnType<typeof nameRepeatedStatements>, sql: string, times: number): string[] {
  return Array.from({ length: times }, () => nameOf({ sql }));
}

describe('the names of statements', () => {
  it('are given to what is sent again and again, from the fifth time on the same', () => {
    const names = ask(nameRepeatedStatements(), 'SELECT 1', 7);
    expect(names.slice(0, 4)).toEqual(['', '', '', '']);
    expect(names[4]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(names.slice(4)).size).toBe(1);
  });

  it('are different for different statements', () => {
    const nameOf = nameRepeatedStatements();
    expect(ask(nameOf, 'SELECT 1', 5).at(-1)).not.toBe(ask(nameOf, 'SELECT 2', 5).at(-1));
  });

  it('come to an end, so that what a connection keeps does too', () => {
    const nameOf = nameRepeatedStatements();
    const named = Array.from({ length: 300 }, (_, index) => ask(nameOf, `SELECT ${index}`, 5).at(-1));
    expect(named.filter((name) => name !== '')).toHaveLength(200);
    expect(nameOf({ sql: 'SELECT 0' })).toBe(named[0]);
  });

  it('are still given after many statements that were sent once', () => {
    const nameOf = nameRepeatedStatements();
    for (let index = 0; index < 10_000; index += 1) nameOf({ sql: `SELECT ${index}` });
    expect(ask(nameOf, 'SELECT later', 5).at(-1)).not.toBe('');
  });
});
