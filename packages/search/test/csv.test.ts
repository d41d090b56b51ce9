import { describe, expect, it } from 'vitest';

import { toCsv, uncell } from '../src/csv.ts';

const columns = { name: (row: { name: string | null }) => row.name, value: () => -1.5 };

function firstCell(name: string | null): string {
  const [, line = ''] = toCsv(columns, [{ name }]).split('\r\n');
  return line.slice(0, line.lastIndexOf(','));
}

describe('toCsv', () => {
  it('has a header, and lines that end with CR and LF', () => {
    expect(toCsv(columns, [{ name: 'a' }, { name: null }])).toBe('name,value\r\na,-1.5\r\n,-1.5\r\n');
    expect(toCsv(columns, [])).toBe('name,value\r\n');
  });

  it.each([
    ['a,b', '"a,b"'],
    ['say "so"', '"say ""so"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1,A2)', `"'@SUM(A1,A2)"`],
    ['1-1', '1-1'],
  ])('writes the text %j as %s', (text, expected) => {
    expect(firstCell(text)).toBe(expected);
  });

  it.each(['=1+1', '-1', '@a', "'quoted'", "''", 'plain', ''])(
    'writes the text %j so that it can be had again',
    (text) => {
      expect(uncell(firstCell(text))).toBe(text);
    },
  );

  it('leaves the header out where that is asked for', () => {
    expect(toCsv(columns, [{ name: 'a' }], { header: false })).toBe('a,-1.5\r\n');
  });
});
