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
    const outcome = await runSchemathesis(service.url, service.resources, { examples: 5, seed: 1 });
    expect(outcome.passed, outcome.report).toBe(true);
    expect(outcome.operations).toBeGreaterThan(40);
    expect(outcome.report).toMatch(new RegExp(`Tested: ${outcome.operations}\\b`, 'u'));
  });
});
