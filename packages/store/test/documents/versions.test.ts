import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import * as kinds from '../../src/documents/kinds.ts';
import { type DocumentKind, readStored, storedText } from '../../src/documents/stored-document.ts';

/** What services have stored: an example of each version of each kind, and as what it is read today. */
const examplesSchema = z.record(
  z.string(),
  z.array(z.object({ version: z.int(), stored: z.unknown(), read: z.looseObject({}) })),
);
const examples = examplesSchema.parse(JSON.parse(readFileSync(new URL('versions.json', import.meta.url), 'utf8')));

interface Versions {
  readonly name: string;
  readonly kind: DocumentKind<z.ZodType<object>>;
  readonly versions: z.infer<typeof examplesSchema>[string];
}

const table = Object.values(kinds).map((kind): Versions => ({
  name: kind.name,
  kind,
  versions: examples[kind.name] ?? [],
}));

describe.each(table)('a stored $name', ({ kind, versions }) => {
  it('has an example of each version that there has been', () => {
    expect(versions.map(({ version }) => version)).toEqual(
      Array.from({ length: kind.upgrades.length + 1 }, (_, index) => index + 1),
    );
  });

  it('is read from every version', () => {
    for (const { version, stored, read } of versions) {
      expect(readStored(kind, stored), `version ${version}`).toEqual(read);
    }
  });

  it('is written as its last example stands: any other form is a new version, or a field with a default', () => {
    const last = versions.at(-1);
    expect(JSON.parse(storedText(kind, last?.read ?? {}))).toEqual(last?.stored);
  });
});
