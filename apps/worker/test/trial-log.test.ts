import { randomUUID } from 'node:crypto';

import type { LoggedAttempt, TrialJob } from '@compound-search/contracts';
import { createScratchDatabase, createStore, type Store } from '@compound-search/store';
import { createWarmProcesses } from '@compound-search/training';
import { pino } from 'pino';
import { beforeAll, describe, expect, inject, it } from 'vitest';

import { createKnownEngines } from '../src/known-engines.ts';
import type { TrialRunner } from '../src/run-trial.ts';
import { runTrial } from './run-trial.ts';
import { searchOf } from './search-of.ts';

let store: Store;
beforeAll(async () => {
  const database = await createScratchDatabase(inject('databaseUrl'));
  store = createStore({ databaseUrl: database.databaseUrl });
  return async () => {
    await store.close();
    await database.drop();
  };
});

const never = new AbortController().signal;
const patiently = { timeout: 40_000, interval: 20 };

/** Runs trials in real training processes, with the script of their data set in the place of TensorFlow. */
function runnerOn(changes: Partial<TrialRunner> = {}): TrialRunner {
  return {
    store,
    enqueue: () => Promise.resolve(),
    startTraining: createWarmProcesses({ program: new URL('./training-child.mjs', import.meta.url) }).start,
    engines: createKnownEngines(),
    discardCheckpoints: () => Promise.resolve(),
    logger: pino({ level: 'silent' }),
    workerId: randomUUID(),
    renewalSeconds: 0.2,
    ...changes,
  };
}

async function createTrial(script: string): Promise<{ searchId: string; job: TrialJob }> {
  const { searchId, trials } = await store.createSearch(searchOf(1, { script }));
  const [job] = trials;
  if (job === undefined) throw new Error('A search of one candidate and seed has one trial');
  return { searchId, job };
}

async function logOf({ trialId }: TrialJob): Promise<readonly LoggedAttempt[]> {
  return (await store.getTrialLog(trialId))?.attempts ?? [];
}

/** The two streams of a process come in any order. */
function saidLast(logged: LoggedAttempt | undefined): string[] {
  return (logged?.lastWords ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('x'));
}

const spoken = ['A NUL: \uFFFD.', 'No memory is left.'];

describe('the log of a trial', () => {
  it('has what a completed training was asked to do, warned of and said', async () => {
    const { job } = await createTrial('steps=4,warning=slow,say=0');
    const runner = runnerOn();
    await runTrial(runner, job, never);
    const [logged, ...others] = await logOf(job);
    expect(others).toEqual([]);
    expect(logged).toMatchObject({
      attempt: 1,
      workerId: runner.workerId,
      outcome: 'completed',
      parameters: {
        dataset: 'scripted:steps=4,warning=slow,say=0',
        device: 'cpu',
        seed: 1,
        steps: 4,
        resumedFrom: null,
      },
      warnings: ['The disk is slow'],
      failure: null,
    });
    expect(saidLast(logged).toSorted()).toEqual(spoken);
  });

  it('has the last words of a process that prints and dies, in every attempt, and says that the last one failed', async () => {
    const { job } = await createTrial('steps=4,end=crash,say=0');
    for (const attempt of [1, 2, 3]) await runTrial(runnerOn(), { ...job, attempt }, never);
    const logged = await logOf(job);
    expect(logged.map(({ outcome }) => outcome)).toEqual(['lost', 'lost', 'failed']);
    for (const attempt of logged) {
      expect(attempt.failure).toMatchObject({
        code: 'TRIAL_LOST',
        message: expect.stringContaining('was ended by SIGKILL; its last output: No memory is left.') as string,
      });
      expect(saidLast(attempt).toSorted()).toEqual(spoken);
    }
  });

  it('holds no more than the end of it, however much a process writes', async () => {
    const { job } = await createTrial('steps=2,say=256');
    await runTrial(runnerOn(), job, never);
    const [logged] = await logOf(job);
    expect(logged?.outcome).toBe('completed');
    expect(logged?.lastWords).toHaveLength(8192);
    expect(logged?.lastWords).toMatch(/^x+/);
    expect(logged?.lastWords).toContain('No memory is left.');
  });

  it('has nothing of what a training says whose trial has gone to another worker', async () => {
    const { job } = await createTrial('steps=40,pause=50,say=0');
    const silent: TrialRunner['store'] = {
      ...store,
      claimTrial: (input) => store.claimTrial({ ...input, leaseSeconds: -1 }),
      renewLease: () => Promise.resolve('held'),
    };
    const running = runTrial(runnerOn({ store: silent }), job, never);
    await expect
      .poll(async () => (await store.expireLeases()).requeued, patiently)
      .toContainEqual({ trialId: job.trialId, attempt: 2 });
    await running;
    expect(await logOf(job)).toMatchObject([{ attempt: 1, outcome: 'lost', failure: { code: 'TRIAL_LOST' } }]);
    expect((await logOf(job))[0]?.lastWords).toBeNull();
  });

  it('says that a training was stopped with its search', async () => {
    const { searchId, job } = await createTrial('steps=2000,pause=20,say=0');
    const running = runTrial(runnerOn(), job, never);
    await expect.poll(async () => (await logOf(job))[0]?.parameters?.steps, patiently).toBe(2000);
    await store.cancelSearch(searchId);
    await running;
    expect(await logOf(job)).toMatchObject([{ outcome: 'cancelled', failure: null, parameters: { batchSize: 32 } }]);
  });

  it('says that a worker which shuts down has given the trial back', async () => {
    const { job } = await createTrial('steps=2000,pause=20,say=0');
    const shutdown = new AbortController();
    const running = runTrial(runnerOn(), job, shutdown.signal);
    await expect.poll(async () => (await logOf(job))[0]?.parameters?.steps, patiently).toBe(2000);
    shutdown.abort();
    await running;
    const [logged] = await logOf(job);
    expect(logged).toMatchObject({ outcome: 'released', failure: null });
    expect(saidLast(logged).toSorted()).toEqual(spoken);
  });
});
