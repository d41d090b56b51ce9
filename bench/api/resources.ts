import type { SearchRequestInput } from '@compound-search/contracts';
import type { Client } from '@compound-search/sdk';

/** Trainings with this seed fail. */
export const FAILING_SEED = 13;

/** Identifiers of what there is, by the part of the path that comes before them. */
export interface Resources {
  readonly searches: readonly string[];
  /** Searches that may be deleted. */
  readonly deletable: readonly string[];
  readonly trials: readonly string[];
  readonly models: readonly string[];
  readonly keys: readonly string[];
  readonly baselines: readonly string[];
  readonly workers: readonly string[];
}

const request: SearchRequestInput = {
  baseline: 'efficientnet-micro',
  dataset: 'shapes',
  grid: { alpha: [1, 1.2, 1.4, 2], beta: [1, 1.1, 1.2], gamma: [1, 1.15, 1.3] },
  split: { trainImages: 320, validationImages: 100 },
  recipe: { epochs: 3 },
  strategy: 'full',
  seeds: [1, 2],
};

/** Fills an empty service: with what has ended while a worker was there, then with what waits for one. */
export async function createResources(
  client: Client,
  startWorker: () => Promise<{ close: () => Promise<void> }>,
): Promise<Omit<Resources, 'workers'>> {
  const worker = await startWorker();
  const ended = await createEnded(client);
  const made = await createFromAnswer(client, ended);
  await worker.close();
  const open = await createOpen(client);
  const models = [made.model, (await client.createModel(ended.answered, { phi: 2 })).id];
  const trials = [made.rerun, (await client.rerun(made.trial)).id, made.trial, ...models];
  const keys = [];
  for (const name of ['one', 'two', 'three']) keys.push((await client.makeKey({ name, role: 'read' })).id);
  const own = { ...(await client.baseline('efficientnet-micro')), name: 'own-network' };
  await client.registerBaseline(own);
  return {
    searches: [...Object.values(ended), made.transfer, ...open],
    deletable: [await createCancelled(client), await createCancelled(client)],
    trials,
    models,
    keys,
    baselines: ['efficientnet-micro', 'efficientnet-b0', own.name],
  };
}

/** Searches that end with an answer, without one, after decisions, and with a trial that has failed. */
async function createEnded(client: Client) {
  const requests = {
    answered: request,
    raced: { ...request, strategy: 'racing', recipe: { epochs: 4 } },
    halved: { ...request, strategy: 'halving', recipe: { epochs: 5 } },
    failed: { ...request, seeds: [FAILING_SEED] },
    partly: { ...request, seeds: [3, FAILING_SEED] },
  } as const satisfies Record<string, SearchRequestInput>;
  const create = async (one: SearchRequestInput): Promise<string> => {
    const { id } = await client.createSearch(one);
    await client.waitForSearch(id, { intervalMilliseconds: 50 });
    return id;
  };
  return {
    answered: await create(requests.answered),
    raced: await create(requests.raced),
    halved: await create(requests.halved),
    failed: await create(requests.failed),
    partly: await create(requests.partly),
  };
}

/** What can be made of a search that has an answer. */
async function createFromAnswer(client: Client, { answered }: { readonly answered: string }) {
  const { id: transfer } = await client.createTransfer(answered, { rows: 3, phi: 1.5 });
  await client.waitForSearch(transfer, { intervalMilliseconds: 50 });
  const { id: model } = await client.createModel(answered);
  await client.waitForTrial(model, { intervalMilliseconds: 50 });
  const { items } = await client.trials(answered, { limit: 1 });
  const trial = items[0]?.id ?? '';
  const { id: rerun } = await client.rerun(trial);
  await client.waitForTrial(rerun, { intervalMilliseconds: 50 });
  return { transfer, model, trial, rerun };
}

/** Searches that wait: for a worker, for somebody to let them go on, for results from elsewhere. */
async function createOpen(client: Client): Promise<string[]> {
  const { id: queued } = await client.createSearch({ ...request, seeds: [4] });
  const { id: paused } = await client.createSearch({ ...request, seeds: [5] });
  await client.pause(paused);
  const { id: external } = await client.createSearch({ ...request, seeds: [6], trainings: 'external' });
  return [queued, paused, external, await createCancelled(client)];
}

async function createCancelled(client: Client): Promise<string> {
  const { id } = await client.createSearch({ ...request, seeds: [7] });
  await client.cancel(id);
  return id;
}
