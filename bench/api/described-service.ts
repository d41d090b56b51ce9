import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startLocalServices } from '@compound-search/local-services';
import { createLogger } from '@compound-search/logging';
import { createClient } from '@compound-search/sdk';
import { createStore } from '@compound-search/store';
import { pino } from 'pino';

import { readEnvironment as readApiEnvironment } from '../../apps/api/src/env.ts';
import { startServer } from '../../apps/api/src/server.ts';
import { readEnvironment as readWorkerEnvironment } from '../../apps/worker/src/env.ts';
import { describeWorker } from '../../apps/worker/src/presence/describe-worker.ts';
import { startWorker } from '../../apps/worker/src/worker.ts';
import { instantTrainings, noFiles } from '../service/instant-training.ts';
import { createResources, FAILING_SEED, type Resources } from './resources.ts';

/** A service to be asked. */
export interface DescribedService {
  readonly url: string;
  /** What there is in it. */
  readonly resources: Resources;
  readonly stop: () => Promise<void>;
}

/**
 * Starts the API on a PostgreSQL and a Valkey of its own, with searches and trials in most of the states that they can be
 * in. What the API takes for its own fault it writes to standard output.
 */
export async function startDescribedService(): Promise<DescribedService> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) await next();
  };
  try {
    const dataFolder = await mkdtemp(path.join(tmpdir(), 'compound-search-api-'));
    stops.push(() => rm(dataFolder, { recursive: true }));
    const { databaseUrl, redisUrl, stop: stopServices } = await startLocalServices({ dataFolder });
    stops.push(stopServices);
    const variables = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, LOG_LEVEL: 'error' };
    const log = createLogger({ name: 'api', level: 'error' });
    const server = await startServer(readApiEnvironment({ ...variables, PORT: '0' }), log);
    stops.push(() => server.close());
    const client = createClient({ baseUrl: server.url });
    const resources = await createResources(client, () => startInstantWorker(variables));
    const workers = [await listWorker(databaseUrl)];
    return { url: server.url, resources: { ...resources, workers }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A worker of this process; what it is given is trained at once, and what has a certain seed fails. */
async function startInstantWorker(variables: NodeJS.ProcessEnv): Promise<{ close: () => Promise<void> }> {
  return startWorker({
    environment: readWorkerEnvironment({ ...variables, COMPOUND_SEARCH_SLOTS: '2' }),
    startTraining: instantTrainings(({ seed }) => seed === FAILING_SEED),
    leftFiles: noFiles,
    logger: pino({ level: 'silent' }),
    signal: new AbortController().signal,
  });
}

/** A worker that has told of itself and is not heard of again. */
async function listWorker(databaseUrl: string): Promise<string> {
  const id = randomUUID();
  const store = createStore({ databaseUrl, poolSize: 1 });
  try {
    await store.reportWorker({ ...describeWorker({}), id, upSeconds: 1, engine: null, unfit: null });
  } finally {
    await store.close();
  }
  return id;
}
