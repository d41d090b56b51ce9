import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type DescribedService, startDescribedService } from '../../../bench/api/described-service.ts';
import { runSchemathesis } from '../../../bench/api/schemathesis.ts';

let service: DescribedService;
beforeAll(async () => {
  service = await startDescribedService();
});
afterAll(() => service.stop());

describe('the API', () => {
  it('answers every operation as /openapi.json describes it, to what that allows and to what it rules out', async () => {
    const response = await fetch(`${service.url}/openapi.json`);
    const { paths } = (await response.json()) as { readonly paths: Readonly<Record<string, object>> };
    const operations = Object.values(paths).flatMap((path) => Object.keys(path));
    const { passed, report } = await runSchemathesis(service.url, service.resources, { examples: 5, seed: 1 });
    expect(passed, report).toBe(true);
    expect(report).toMatch(new RegExp(`Tested: ${operations.length}\\b`, 'u'));
  });
});
