import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const heading = '## What goes wrong in systems like this one';
const [, list = ''] = readFileSync(path.join(root, 'docs/operations.md'), 'utf8').split(heading);
const [section = ''] = list.split(/\n## /);

/** Cells of the rows below the heading of each table. */
const rows = Array.from(section.matchAll(/^\| (?!-+ |what goes wrong )(.*) \|$/gm), ([, row = '']) =>
  row.split(' | ').map((cell) => cell.trim()),
);

interface NamedTest {
  readonly file: string;
  readonly title: string;
}

/** The tests of a cell, written as `file` "title", "title"; `file` "title". */
function testsIn(cell: string): NamedTest[] {
  return Array.from(cell.matchAll(/`([^`]+)`((?:,? "[^"]+")+)/g)).flatMap(([, file = '', titles = '']) =>
    Array.from(titles.matchAll(/"([^"]+)"/g), ([, title = '']) => ({ file, title })),
  );
}

/** Whether a file of tests has the title, or a title with that part, which stands on one line as a string. */
function has({ file, title }: NamedTest): boolean {
  const location = path.join(root, file);
  if (!file.endsWith('.test.ts') || !existsSync(location)) return false;
  const lines = readFileSync(location, 'utf8').split('\n');
  return lines.some((line) => line.includes(title) && /['"`]/.test(line) && !/^\s*(\/\/|\/?\*)/.test(line));
}

describe('the list of what goes wrong elsewhere', () => {
  it('has rows of three cells: the fault, what holds here, and tests', () => {
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter((cells) => cells.length !== 3 || cells.some((cell) => cell === ''))).toEqual([]);
  });

  it.each(rows)('shows by tests that are there: %s', (_fault, _holds, shownBy = '') => {
    const tests = testsIn(shownBy);
    expect(tests).not.toEqual([]);
    expect(tests.filter((test) => !has(test))).toEqual([]);
    // Nothing of the cell has been passed over.
    const written = tests.reduce(
      (rest, { file, title }) => rest.replace(`\`${file}\``, '').replace(`"${title}"`, ''),
      shownBy,
    );
    expect(written.replace(/[,; ]/g, '')).toBe('');
  });
});
