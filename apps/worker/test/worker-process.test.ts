import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { TrialJob } from '@compound-search/contracts';
import { createTrialQueue, type TrialQueue } from '@compound-search/queue';
import { createScratchDatabase, createStore, type Store } from '@compound-search/store';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';

import { searchOf } from './search-of.ts';
import { wipeQueue } from './wipe-queue.ts';

const redisUrl = inject('redisUrl');
let databaseUrl: string;
let store: Store;
let queue: TrialQueue;
let prefix: string;

/** A record of each test's own: a worker takes whatever is queued. */
beforeEach(async () => {
  const database = await createScratchDatabase(inject('databaseUrl'));
  databaseUrl = database.databaseUrl;
  store = createStore({ databaseUrl });
  prefix = randomUUID();
  queue = createTrialQueue({ redisUrl, prefix });
  return async () => {
    await queue.close();
    await store.close();
    await database.drop();
  };
});

interface WorkerUnderTest {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** What the worker logged of the trials that it started. */
  readonly starts: () => { readonly pid: number; readonly specification: unknown }[];
}

const startLine = z.object({ msg: z.literal('the trial starts'), pid: z.int(), specification: z.unknown() });

function forkWorker(program: string, changes: NodeJS.ProcessEnv = {}): WorkerUnderTest {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), {
    execArgv: ['--import', import.meta.resolve('tsx')],
    env: {
      PATH: '/usr/bin:/bin',
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      QUEUE_PREFIX: prefix,
      COMPOUND_SEARCH_SLOTS: '1',
      ...changes,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const lines = (): unknown[] =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as unknown);
  return {
    child,
    output: () => output,
    starts: () => lines().flatMap((line) => startLine.safeParse(line).data ?? []),
  };
}

async function exitOf({ child }: WorkerUnderTest): Promise<unknown> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode ?? child.signalCode;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const patiently = { timeout: 40_000, interval: 50 };
const endless = { script: 'steps=100000,pause=20' };

/** A worker that trains a trial which never ends by itself. */
async function startBusyWorker() {
  const worker = forkWorker('./scripted-worker.ts');
  const { searchId, trials } = await store.createSearch(searchOf(1, endless));
  await queue.add(trials);
  await expect.poll(() => worker.starts().length > 0 || worker.child.exitCode !== null, patiently).toBe(true);
  const [start] = worker.starts();
  if (start === undefined) throw new Error(`The worker started nothing. It said: ${worker.output()}`);
  return { worker, searchId, trialId: trials[0]?.trialId ?? '', start };
}

describe('the worker process', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'ends on %s with its training ended and its trial given back',
    async (signal) => {
      const { worker, trialId, start } = await startBusyWorker();
      worker.child.kill(signal);
      expect(await exitOf(worker), worker.output()).toBe(0);
      expect(isAlive(start.pid)).toBe(false);
      expect(await store.getTrial(trialId)).toMatchObject({ state: 'queued', attempt: 2 });
      expect(await queue.counts()).toMatchObject({ waiting: 1 });
    },
  );

  it('ends when the parent that supervised it has gone', async () => {
    const { worker, trialId, start } = await startBusyWorker();
    worker.child.disconnect();
    expect(await exitOf(worker), worker.output()).toBe(0);
    expect(isAlive(start.pid)).toBe(false);
    expect(await store.getTrial(trialId)).toMatchObject({ state: 'queued', attempt: 2 });
  });

  it('leaves no training behind when it is killed, and its trial goes to another within the lease', async () => {
    const { worker, trialId, start } = await startBusyWorker();
    worker.child.kill('SIGKILL');
    expect(await exitOf(worker)).toBe('SIGKILL');
    await expect.poll(() => isAlive(start.pid), patiently).toBe(false);
    expect(await store.getTrial(trialId)).toMatchObject({ state: 'running', attempt: 1 });
    await expect
      .poll(async () => (await store.expireLeases()).requeued, patiently)
      .toContainEqual({ trialId, attempt: 2 });
    expect(await store.getTrial(trialId)).toMatchObject({ state: 'queued', attempt: 2, startedAt: null });
    const claimed = await store.claimTrial({ trialId, attempt: 2, workerId: 'another', leaseSeconds: 15 });
    expect(claimed?.specification).toMatchObject({ trialId, attempt: 2 });
  });

  it('is followed by one that runs what is left of twelve trials, and none of those that had completed', async () => {
    const { searchId, trials } = await store.createSearch(searchOf(12, { script: 'steps=10,pause=30' }));
    await queue.add(trials);
    const completed = async () => (await store.listTrials(searchId, { limit: 12, state: 'completed' }))?.items ?? [];
    const killed = forkWorker('./scripted-worker.ts');
    await expect.poll(async () => (await completed()).length, patiently).toBeGreaterThanOrEqual(3);
    killed.child.kill('SIGKILL');
    expect(await exitOf(killed)).toBe('SIGKILL');
    await queue.close();
    await wipeQueue(redisUrl, prefix);
    queue = createTrialQueue({ redisUrl, prefix });
    const running = async () => {
      await store.expireLeases();
      return (await store.getSearch(searchId))?.trials.running;
    };
    await expect.poll(running, patiently).toBe(0);
    // PostgreSQL may have committed the last result of the killed one only after its end.
    const before = await completed();
    await queue.add(await store.trialsToEnqueue({ queuedSeconds: 0, limit: 12 }));

    const next = forkWorker('./scripted-worker.ts');
    await expect.poll(async () => (await completed()).length, patiently).toBe(12);
    next.child.kill('SIGTERM');
    expect(await exitOf(next), next.output()).toBe(0);
    const done = new Set(before.map(({ id }) => id));
    const left = trials.map(({ trialId }) => trialId).filter((trialId) => !done.has(trialId));
    const trialOf = z.object({ trialId: z.string() });
    const run = next.starts().map(({ specification }) => trialOf.parse(specification).trialId);
    expect(run.toSorted()).toEqual(left.toSorted());
    expect(await completed()).toEqual(expect.arrayContaining(before));
  });

  it('gives up a trial that another took while its machine slept, and the late result counts for nothing', async () => {
    const sleeper = forkWorker('./scripted-worker.ts');
    const { trials } = await store.createSearch(searchOf(1, { script: 'steps=40,pause=50' }));
    const [{ trialId } = { trialId: '' }] = trials;
    await queue.add(trials);
    await expect.poll(() => sleeper.starts().length, patiently).toBe(1);
    const training = sleeper.starts()[0]?.pid ?? 0;
    const asleep = [sleeper.child.pid ?? 0, training];
    for (const pid of asleep) process.kill(pid, 'SIGSTOP');
    let again: TrialJob | undefined;
    const isTakenBack = async (): Promise<boolean> => {
      again ??= (await store.expireLeases()).requeued.find((lost) => lost.trialId === trialId);
      return again !== undefined;
    };
    await expect.poll(isTakenBack, patiently).toBe(true);
    await queue.add(again === undefined ? [] : [again]);
    const other = forkWorker('./scripted-worker.ts');
    await expect.poll(async () => (await store.getTrial(trialId))?.state, patiently).toBe('completed');
    const completed = await store.getTrial(trialId);
    expect(completed).toMatchObject({ attempt: 2 });

    for (const pid of asleep) process.kill(pid, 'SIGCONT');
    await expect.poll(() => isAlive(training), patiently).toBe(false);
    sleeper.child.kill('SIGTERM');
    other.child.kill('SIGTERM');
    expect([await exitOf(sleeper), await exitOf(other)], sleeper.output()).toEqual([0, 0]);
    expect(await store.getTrial(trialId)).toEqual(completed);
  });

  it('logs the parameters with which each trial runs', async () => {
    const { worker, searchId, trialId, start } = await startBusyWorker();
    worker.child.kill('SIGTERM');
    await exitOf(worker);
    const request = (await store.getSearch(searchId))?.request;
    expect(start.specification).toMatchObject({
      trialId,
      attempt: 1,
      seed: 1,
      fingerprint: 'network-0',
      multipliers: { depth: 1, width: 1, resolution: 1 },
      recipe: request?.recipe,
      split: request?.split,
      dataset: request?.dataset,
    });
  });

  it('waits for a PostgreSQL that does not answer yet, and ends when asked to', async () => {
    const worker = forkWorker('./scripted-worker.ts', { DATABASE_URL: 'postgresql://postgres@127.0.0.1:1/none' });
    await expect.poll(worker.output, patiently).toContain('PostgreSQL does not answer yet');
    worker.child.kill('SIGTERM');
    expect(await exitOf(worker), worker.output()).toBe(0);
  });

  it('says what is wrong with its environment, all at once, and does not start', async () => {
    const worker = forkWorker('../src/main.ts', {
      DATABASE_URL: 'mysql://127.0.0.1/none',
      REDIS_URL: '',
      COMPOUND_SEARCH_SLOTS: '0',
    });
    expect(await exitOf(worker)).toBe(2);
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'COMPOUND_SEARCH_SLOTS']) expect(worker.output()).toContain(name);
  });

  it('tells its supervisor when it takes trials', async () => {
    const worker = forkWorker('../src/main.ts');
    const [message] = (await once(worker.child, 'message')) as unknown[];
    expect(message).toEqual({ type: 'ready' });
    worker.child.kill('SIGTERM');
    expect(await exitOf(worker), worker.output()).toBe(0);
  });
});
