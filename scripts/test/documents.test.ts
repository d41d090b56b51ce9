import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));

function entriesOf(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .map(({ name }) => path.join(folder, name));
}

const workspaces = [...entriesOf('packages'), ...entriesOf('apps')];
const documents = [
  ...entriesOf('.').filter((file) => file.endsWith('.md')),
  ...entriesOf('docs').filter((file) => file.endsWith('.md')),
  ...[...workspaces, 'prisma'].map((folder) => path.join(folder, 'README.md')),
];
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));

function textOf(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

/** What a pattern's group finds in a text. */
function findAll(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), ([, found = '']) => found);
}

describe('the documents', () => {
  it('are there for every folder of the workspace', () => {
    expect(workspaces.filter((folder) => !existsSync(path.join(root, folder, 'README.md')))).toEqual([]);
    expect(workspaces.length).toBeGreaterThan(15);
  });

  it.each(documents)('%s links to files that are there', (document) => {
    const targets = findAll(textOf(document), /\]\(([^)#\s]+)[^)]*\)/g).filter((target) => !target.includes(':'));
    const missing = targets.filter((target) => !existsSync(path.join(root, path.dirname(document), target)));
    expect(missing).toEqual([]);
  });

  // A changelog tells of what was, too.
  it.each(documents.filter((file) => file !== 'CHANGELOG.md'))(
    '%s names files and folders of the repository that are there',
    (document) => {
      const named = findAll(
        textOf(document),
        /(?<![\w/.])((?:packages|apps|bench|scripts|prisma|docs)\/[\w./-]*[\w/])/g,
      );
      expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
    },
  );

  it.each(documents)('%s names commands that are there', (document) => {
    const named = findAll(textOf(document), /npm run (?:-s )?([\w:-]*\w)/g);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});
