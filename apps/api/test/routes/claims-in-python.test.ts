import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

import { createClient } from '@compound-search/sdk';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { useService } from '../service.ts';
import { searchResults } from './search-results.ts';

const service = useService();
const { advance } = searchResults(service);

/** What a reader of the document has to bring: a training, here one whose accuracy is a formula. */
const train = `
def train(network, seed, purpose, held):
    assert held(3)
    accuracy = 0.5 + network["multipliers"]["width"] / 10 + seed / 1000
    return {"validationAccuracy": accuracy, **({"testAccuracy": 0.6} if purpose == "test" else {})}
`;

/** The worker in docs/external-training.md, as it is written there. */
function documentedWorker(): string {
  const text = readFileSync(new URL('../../../../docs/external-training.md', import.meta.url), 'utf8');
  const block = text.split('```').find((part) => part.startsWith('python') && part.includes('/v1/claims'));
  if (block === undefined) throw new Error('The document has no worker');
  return block.slice('python'.length);
}

describe('the worker in docs/external-training.md', () => {
  it('trains a race to its answer, two of them at once', async () => {
    const baseUrl = await service().app.listen({ host: '127.0.0.1', port: 0 });
    const client = createClient({ baseUrl });
    const request = sampleRequest({ trainings: 'external', seeds: [1, 2, 3, 4], strategy: 'racing' });
    const { id } = await client.createSearch(request);
    const over = new AbortController();
    const reconciling = (async () => {
      while (!over.signal.aborted) await advance();
    })();
    const program = train + documentedWorker();
    const worker = () => promisify(execFile)('python3', ['-c', program, baseUrl]);
    try {
      await Promise.all([worker(), worker()]);
    } finally {
      over.abort();
      await reconciling;
    }
    expect(await client.getSearch(id)).toMatchObject({ state: 'completed' });
    expect(await client.coefficients(id)).toMatchObject({ testAccuracy: { mean: 0.6 } });
  });
});
