import { readFileSync } from 'node:fs';

import { errorCatalogue, failureBlames } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

const text = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');
const rows = [...text.matchAll(/^\| ([A-Z_]+) +\| (\d+) +\| (.+?) +\| (.+?) +\|$/gm)].map(
  ([, code, status, title, remedy]) => ({ code, status: Number(status), title, remedy }),
);

describe('docs/errors.md', () => {
  it('describes every code of the catalogue once, with its status and title, and no other code', () => {
    const documented = rows.map(({ code, status, title }) => [code, { status, title }]);
    const catalogue = Object.entries(errorCatalogue).map(([code, { status, title }]) => [code, { status, title }]);
    expect(documented).toHaveLength(catalogue.length);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(catalogue));
  });

  it('says of every code that a trial can fail with what it blames', () => {
    const documented = [...text.matchAll(/^\| ([A-Z_]+) +\| (training|infrastructure) +\|$/gm)];
    expect(Object.fromEntries(documented.map(([, code, blame]) => [code, blame]))).toEqual(failureBlames);
    expect(documented).toHaveLength(Object.keys(failureBlames).length);
  });

  it('says of exactly the codes that the catalogue retries that they are retried', () => {
    const documented = rows.filter(({ remedy }) => remedy?.startsWith('Retried.')).map(({ code }) => code);
    const catalogue = Object.entries(errorCatalogue).filter(([, { retry }]) => retry);
    expect(documented.sort()).toEqual(catalogue.map(([code]) => code).sort());
  });
});
