import type { SearchRequestInput, SearchView } from '@compound-search/contracts';
import { type Client, createClient } from '@compound-search/sdk';
import { expect, it } from 'vitest';

import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { commandResult, type CommandRun, runCommand } from './command.ts';
import { childNaming, until } from './processes.ts';
import { serviceUrlOf } from './service-url-of.ts';
import { smallSearch } from './small-search.ts';

/** Three searches of some twenty trainings each, and up to three leases that have to run out. */
const patience = 1_800_000;

/** Six candidates that race over rungs of one and three epochs, until ten trials have begun. */
const request: SearchRequestInput = {
  ...smallSearch,
  name: 'a race',
  grid: { alpha: [1, 1.2, 1.4, 2], beta: [1, 1.1, 1.2, 1.4], gamma: [1, 1.15, 1.2] },
  seeds: [1, 2, 3, 4],
  strategy: { kind: 'racing', batch: 2, rungs: { minimumEpochs: 1, reduction: 3 }, budget: { trials: 10 } },
  split: { trainImages: 96, validationImages: 50 },
  recipe: { epochs: 3 },
};

interface Service {
  readonly serve: CommandRun;
  readonly client: Client;
  readonly url: string;
}

/** How many trainings have come to an end or to a rung. */
async function ended(client: Client, id: string): Promise<number> {
  try {
    const { completed, paused } = (await client.getSearch(id)).trials;
    return completed + paused;
  } catch {
    // The API may be the process that was killed just now.
    return 0;
  }
}

/** Ends a training, then the worker, then the API, each in the midst of the search. */
async function disturb({ serve, client }: Service, { id }: SearchView): Promise<void> {
  const kill = (pid: number): void => void process.kill(pid, 'SIGKILL');
  await until('a training has ended', async () => (await ended(client, id)) >= 1, 240);
  kill(childNaming(childNaming(serve.pid, 'apps/worker'), 'training/src/process/child'));
  await until('three trainings have ended', async () => (await ended(client, id)) >= 3, 240);
  kill(childNaming(serve.pid, 'apps/worker'));
  await until('five trainings have ended', async () => (await ended(client, id)) >= 5, 240);
  kill(childNaming(serve.pid, 'apps/api'));
}

it(
  'comes to the same decisions and the same answer to the byte on one, two and four slots, whatever is killed on the way',
  async () => {
    const folder = await temporaryFolder();
    const outcomes: { readonly slots: number; readonly decisions: string; readonly answer: string }[] = [];
    for (const slots of [1, 2, 4]) {
      const serve = runCommand(['serve', '--data', folder, '--port', '0', '--slots', String(slots)]);
      try {
        const url = await serviceUrlOf(serve);
        const client = createClient({ baseUrl: url });
        const search = await client.createSearch(request);
        if (slots === 4) await disturb({ serve, client, url }, search);
        const { state, stop, round, trials } = await client.waitForSearch(search.id);
        expect(state).toBe('completed');
        expect(stop).not.toBeNull();
        const { items } = await client.decisions(search.id, { limit: 200 });
        expect(items.at(-1)).toMatchObject({ round, stop });
        // One that trained on after a rung is one trial still.
        const assigned = items.flatMap(({ assignments }) => assignments);
        expect(new Set(assigned.map(({ fingerprint, seed }) => `${fingerprint} ${seed}`)).size).toBe(trials.total);
        expect(assigned.length).toBeGreaterThan(trials.total);
        const shown = await commandResult(['--url', url, 'decisions', search.id, '--limit', '100']);
        expect(shown).toMatchObject({ code: 0 });
        expect(shown.output).toContain(`Round ${round} was the last`);
        outcomes.push({
          slots,
          decisions: JSON.stringify(items.map((decision) => ({ ...decision, decidedAt: '' }))),
          answer: JSON.stringify({ ...(await client.coefficients(search.id)), searchId: '' }),
        });
      } finally {
        serve.child.kill('SIGTERM');
        await serve.ended;
      }
    }
    const [first, ...others] = outcomes;
    for (const other of others) expect(other).toEqual({ ...first, slots: other.slots });
    expect(first?.answer).toContain('"reproduced":true');
  },
  patience,
);
