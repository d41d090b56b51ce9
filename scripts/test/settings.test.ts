import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { readEnvironment as readApi } from '../../apps/api/src/env.ts';
import { readEnvironment as readWorker } from '../../apps/worker/src/env.ts';

const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
/** Who reads each variable, and its default. */
const rows = Array.from(
  readme.matchAll(/^\| `([A-Z_0-9]+)` +\| ([^|]+) \| [^|]+ \| ([^|]+) \|$/gm),
  ([, name = '', readers = '', written = '']) => ({ name, readers: readers.trim().split(', '), written }),
);
const needed = { DATABASE_URL: 'postgresql://user@127.0.0.1/search', REDIS_URL: 'redis://127.0.0.1' };

describe.each([
  { program: 'api', defaults: { ...readApi(needed) } },
  { program: 'worker', defaults: { ...readWorker(needed) } },
])('the settings of $program in the README', ({ program, defaults }) => {
  const simple = Object.entries(defaults).filter(([name]) => !(name in needed));

  it.each(simple)('have the default of %s, %s', (name, value) => {
    const [row] = rows.filter((one) => one.name === name);
    expect(row?.readers).toContain(program);
    // A word may be followed by what it means.
    const written = /^[^:\s]+/.exec(row?.written.replaceAll('`', '') ?? '')?.[0];
    expect(written).toBe(Array.isArray(value) && value.length === 0 ? 'none' : String(value));
  });
});
