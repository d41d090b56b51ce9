/**
 * What reading a search costs the service, for searches of few and of many trials: `npm run bench:reads`. Every answer is
 * read as a client gets it (route, store, serialization), of real PostgreSQL. Event-loop time is the time during which
 * nothing else is answered (on a busy machine it grows with what others run; processor time does not); statements are those that PostgreSQL gets for one answer.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';

import { type Candidate, searchRequestSchema } from '@compound-search/contracts';
import { startLocalServices } from '@compound-search/local-services';
import { findBaseline } from '@compound-search/networks';
import { createTrialQueue } from '@compound-search/queue';
import { planRequest, reconcile } from '@compound-search/search';
import { createScratchDatabase, createStore, type Store } from '@compound-search/store';
import { Client } from 'pg';
import { pino } from 'pino';

import { buildApp } from '../apps/api/src/app.ts';
import { median } from './engines/statistics.ts';
import { completeStarted, renewResults, startTrials } from './service/made-up-results.ts';

const sizes = [
  { candidates: 10, seeds: 2 },
  { candidates: 200, seeds: 100 },
  { candidates: 1200, seeds: 16 },
];
const readsPerAnswer = 40;
const log = pino({ level: 'silent' });

interface Service {
  readonly store: Store;
  readonly queue: ReturnType<typeof createTrialQueue>;
  readonly app: Awaited<ReturnType<typeof buildApp>>;
  readonly client: Client;
}

/** A search of so many candidates whose trials, but for those of one seed, have completed. */
async function createSearch({ store, client }: Service, candidates: number, seeds: number): Promise<string> {
  const request = searchRequestSchema.parse({
    baseline: 'efficientnet-micro',
    dataset: 'mnist',
    grid: { alpha: [1.2], beta: [1.1], gamma: [1.15] },
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    strategy: 'full',
  });
  const network = findBaseline('efficientnet-micro');
  const plan = await planRequest(request, network, { maximumCandidates: 1 });
  const [first] = plan.candidates;
  if (first === undefined) throw new Error('The plan has a candidate');
  const copies = Array.from({ length: candidates }, (_, index): Candidate => ({
    ...first,
    fingerprint: `network-${index}`,
    macs: first.macs + index,
  }));
  const { searchId } = await store.createSearch({ request, network, plan: { ...plan, candidates: copies } });
  await completeTrials(client, searchId, `seed > 0`);
  return searchId;
}

async function completeTrials(client: Client, searchId: string, condition: string): Promise<void> {
  await startTrials(client, searchId, condition);
  await completeStarted(client, searchId);
}

interface Cost {
  /** Milliseconds. */
  readonly loop: number;
  readonly processor: number;
  readonly wall: number;
  readonly statements: number;
  readonly kilobytes: number;
}

/** Reads one address often, each time after `before`, and takes medians. */
async function measure({ app }: Service, url: string, before: () => Promise<unknown>): Promise<Cost> {
  const costs: Cost[] = [];
  const original = Reflect.get(Client.prototype, 'query') as (...values: unknown[]) => unknown;
  let statements = 0;
  Reflect.set(Client.prototype, 'query', function counted(this: Client, ...values: unknown[]) {
    statements += 1;
    return original.apply(this, values);
  });
  try {
    for (let read = 0; read < readsPerAnswer; read += 1) {
      await before();
      statements = 0;
      const [start, idle, used] = [performance.now(), performance.eventLoopUtilization(), process.cpuUsage()];
      const response = await app.inject({ url, remoteAddress: '127.0.0.1' });
      const loop = performance.eventLoopUtilization(idle).active;
      const { user, system } = process.cpuUsage(used);
      if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode} ${response.body}`);
      costs.push({
        loop,
        processor: (user + system) / 1000,
        wall: performance.now() - start,
        statements,
        kilobytes: response.rawPayload.length / 1024,
      });
    }
  } finally {
    Reflect.set(Client.prototype, 'query', original);
  }
  const middle = (key: keyof Cost): number => median(costs.map((cost) => cost[key]));
  return {
    loop: middle('loop'),
    processor: middle('processor'),
    wall: middle('wall'),
    statements: middle('statements'),
    kilobytes: middle('kilobytes'),
  };
}

interface Read {
  readonly label: string;
  readonly url: string;
  /** What happens between two reads. @defaultValue nothing */
  readonly before?: () => Promise<unknown>;
}

async function report(service: Service, { label, url, before = () => Promise.resolve() }: Read): Promise<void> {
  const { loop, processor, wall, statements, kilobytes } = await measure(service, url, before);
  const cells = [
    `${loop.toFixed(1)} ms of the event loop`,
    `${processor.toFixed(1)} ms of processor`,
    `${wall.toFixed(1)} ms in all`,
    `${statements} statements`,
  ];
  console.log(`  ${label.padEnd(36)}${cells.map((cell) => cell.padEnd(26)).join('')}${kilobytes.toFixed(0)} kB`);
}

/**
 * What is ranked for an answer is kept until another result comes in. So it is read first with new results each time, of
 * which nothing that was read or ranked before is of use, and then again and again with the same.
 */
async function reportRanked(service: Service, searchId: string, { label, url }: Read): Promise<void> {
  const before = () => renewResults(service.client, searchId);
  await report(service, { label: `${label}, new results`, url, before });
  await report(service, { label: `${label}, read again`, url });
}

async function readAll(service: Service, candidates: number, seeds: number): Promise<void> {
  const { store, queue, client } = service;
  console.log(`${candidates} candidates with ${seeds} seeds: ${(candidates * seeds).toLocaleString('en-US')} trials`);
  const id = await createSearch(service, candidates, seeds);
  const [search, leaderboard] = [`/v1/searches/${id}`, `/v1/searches/${id}/leaderboard`];
  const coefficients = `/v1/searches/${id}/coefficients`;
  await report(service, { label: 'search, running', url: search });
  await reportRanked(service, id, { label: 'leaderboard, running', url: leaderboard });
  await completeTrials(client, id, 'true');
  await reconcile({ store, queue, log });
  await reportRanked(service, id, { label: 'coefficients, testing', url: coefficients });
  await completeTrials(client, id, 'true');
  await reconcile({ store, queue, log });
  await reportRanked(service, id, { label: 'leaderboard, ended', url: leaderboard });
  await report(service, { label: 'coefficients, ended', url: coefficients });
  await report(service, { label: 'list of searches', url: '/v1/searches' });
  const [start, before] = [performance.now(), performance.eventLoopUtilization()];
  await reconcile({ store, queue, log });
  const loop = performance.eventLoopUtilization(before).active;
  console.log(
    `  a pass of the reconciler            ${loop.toFixed(1)} ms, ${(performance.now() - start).toFixed(1)} ms in all`,
  );
}

/** Measures on a database of its own, and shows what went wrong before anything is taken down. */
async function readEverything(services: Awaited<ReturnType<typeof startLocalServices>>): Promise<void> {
  const database = await createScratchDatabase(services.databaseUrl);
  const store = createStore({ databaseUrl: database.databaseUrl });
  const queue = createTrialQueue({ redisUrl: services.redisUrl, prefix: randomUUID() });
  const client = new Client({ connectionString: database.databaseUrl });
  await client.connect();
  const app = await buildApp({ store, queue, limits: { maximumCandidates: 1 }, bodyLimit: 1024 ** 2, logger: log });
  try {
    console.log(`${cpus()[0]?.model ?? 'unknown processor'}, medians of ${readsPerAnswer} reads`);
    for (const { candidates, seeds } of sizes) await readAll({ store, queue, app, client }, candidates, seeds);
  } finally {
    await app.close();
    await client.end();
    await queue.close();
    await store.close();
    await database.drop();
  }
}

const dataFolder = await mkdtemp(path.join(tmpdir(), 'compound-search-reads-'));
const services = await startLocalServices({ dataFolder });
try {
  await readEverything(services);
} finally {
  await services.stop();
  await rm(dataFolder, { recursive: true });
}
