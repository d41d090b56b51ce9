/**
 * Fuzzes the HTTP API by its own description: `npm run bench:api`. Schemathesis reads /openapi.json of a real service, asks
 * for what that offers and for what it rules out, and holds every answer against it: no fault of the service's own, only
 * documented status codes, media types and bodies, bad data refused, other methods answered with 405 and those allowed.
 * `--examples` says how many requests are made up for each operation beside those that cover its schema, `--seed` which,
 * `--only` for which operations (a regular expression of their ids). The exit code is 1 where anything fails.
 */
import { parseArgs } from 'node:util';

import { startDescribedService } from './api/described-service.ts';
import { runSchemathesis } from './api/schemathesis.ts';

const { values: options } = parseArgs({
  options: {
    examples: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const service = await startDescribedService();
try {
  const { passed, report } = await runSchemathesis(service.url, service.resources, {
    examples: Number(options.examples),
    seed: Number(options.seed),
    only: options.only,
  });
  console.log(report);
  process.exitCode = passed ? 0 : 1;
} finally {
  await service.stop();
}
