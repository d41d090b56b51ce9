import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import { CompoundSearchError, type ModelPlan, type TrialJob } from '@compound-search/contracts';
import { type AttemptStore, createScratchDatabase, createStore, type Store } from '@compound-search/store';
import { pino } from 'pino';
import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';

import { createKnownEngines } from '../src/known-engines.ts';
import type { TrialRunner } from '../src/run-trial.ts';
import { type CuttableRelay, startRelay } from './cuttable-relay.ts';
import { runTrial } from './run-trial.ts';
import { type ScriptedTrainings, scriptedTrainings } from './scripted-training.ts';
import { decisionOf, pausingSearchOf, searchOf } from './search-of.ts';

let store: Store;
let relay: CuttableRelay;
let shaky: Store;
let trainings: ScriptedTrainings;

beforeAll(async () => {
  const database = await createScratchDatabase(inject('databaseUrl'));
  store = createStore({ databaseUrl: database.databaseUrl });
  relay = await startRelay(database.databaseUrl);
  shaky = createStore({ databaseUrl: relay.url });
  return async () => {
    await Promise.all([store.close(), shaky.close()]);
    await relay.close();
    await database.drop();
  };
});
beforeEach(() => {
  trainings = scriptedTrainings();
});

const never = new AbortController().signal;

let discarded: string[];
let enqueued: TrialJob[];
beforeEach(() => {
  discarded = [];
  enqueued = [];
});
function noteEnqueued(jobs: readonly TrialJob[]): Promise<void> {
  enqueued.push(...jobs);
  return Promise.resolve();
}
const patiently = { timeout: 40_000, interval: 20 };

function runnerOn(changes: Partial<TrialRunner> = {}): TrialRunner {
  return {
    store,
    enqueue: noteEnqueued,
    startTraining: trainings.start,
    engines: createKnownEngines(),
    discardCheckpoints: (trialId) => Promise.resolve(void discarded.push(trialId)),
    logger: pino({ level: 'silent' }),
    workerId: randomUUID(),
    ...changes,
  };
}

const modelPlan: ModelPlan = {
  coefficients: { alpha: 1, beta: 1, gamma: 1 },
  phi: 1,
  multipliers: { depth: 1, width: 1, resolution: 1 },
  fingerprint: 'network-0',
  resolution: [20, 20],
  repeats: [1],
  channels: [8],
  parameters: 1,
  macs: 1,
  image: { height: 20, width: 20, channels: 1 },
  classes: ['0', '1'],
};

/** A store whose leases run out at once, while the worker believes that they hold. */
function shortLeased(): AttemptStore {
  return {
    ...store,
    claimTrial: (input) => store.claimTrial({ ...input, leaseSeconds: -1 }),
    renewLease: (input) => store.renewLease({ ...input, leaseSeconds: -1 }),
  };
}

async function loseLease({ trialId, attempt }: TrialJob): Promise<void> {
  await expect
    .poll(async () => (await store.expireLeases()).requeued, patiently)
    .toContainEqual(expect.objectContaining({ trialId, attempt: attempt + 1 }));
}

async function createTrial(script: string): Promise<TrialJob> {
  const { trials } = await store.createSearch(searchOf(1, { script }));
  const [job] = trials;
  if (job === undefined) throw new Error('A search of one candidate and seed has one trial');
  return job;
}

/** Runs a trial with a PostgreSQL that goes away while it trains and comes back after the training has ended. */
async function runThroughAnOutage(job: TrialJob): Promise<void> {
  const running = runTrial(runnerOn({ store: shaky, renewalSeconds: 0.2 }), job, never);
  await expect.poll(() => trainings.running.size, patiently).toBe(1);
  await relay.cut();
  await expect.poll(() => trainings.running.size, patiently).toBe(0);
  await relay.mend();
  await running;
}

describe('runTrial', () => {
  it('keeps its lease for as long as the training takes', async () => {
    const job = await createTrial('steps=40,pause=100');
    const ended = new AbortController();
    const run = runTrial(runnerOn({ leaseSeconds: 2, renewalSeconds: 0.2 }), job, never).finally(() => ended.abort());
    let sweeps = 0;
    for (; !ended.signal.aborted; sweeps += 1) {
      await store.expireLeases();
      await sleep(100);
    }
    await run;
    expect(sweeps).toBeGreaterThan(5);
    expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'completed', attempt: 1 });
  });

  it('pauses a trial where it is told to, keeps its checkpoints, and removes them when it has gone on to its end', async () => {
    const { searchId, trials } = await store.createSearch(pausingSearchOf('steps=8'));
    const [job] = trials;
    if (job === undefined) throw new Error('The search opens with a trial');
    await runTrial(runnerOn(), job, never);
    expect(await store.getTrial(job.trialId)).toMatchObject({
      state: 'paused',
      step: 2,
      learningCurve: [{ epoch: 1 }],
    });
    expect(discarded).toEqual([]);
    const [next] = (await store.takeDecision({ searchId, decision: decisionOf(2, null) })) ?? [];
    if (next === undefined) throw new Error('The trial is promoted');
    await runTrial(runnerOn(), next, never);
    expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'completed', attempt: 2, step: 8 });
    expect(trainings.specifications.map(({ epochs }) => epochs)).toEqual([1, undefined]);
    expect(discarded).toEqual([job.trialId]);
  });

  it.each([
    ['at its next renewal', { renewalSeconds: 0.2 }],
    ['at its next write, long before its renewal', { renewalSeconds: 1000 }],
  ])(
    'stops its training when it learns that its lease was lost %s, and leaves everything to the other',
    async (_, pace) => {
      const job = await createTrial('steps=100000,pause=20');
      const running = runTrial(runnerOn({ store: shortLeased(), ...pace }), job, never);
      await expect.poll(() => trainings.running.size, patiently).toBe(1);
      await loseLease(job);
      await running;
      expect(trainings.running.size).toBe(0);
      expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'queued', attempt: 2 });
      expect(discarded).toEqual([]);
    },
  );

  it('leaves the checkpoints to the other attempt when its result comes too late', async () => {
    const job = await createTrial('steps=1,pause=1000');
    const running = runTrial(runnerOn({ store: shortLeased(), renewalSeconds: 1000 }), job, never);
    await expect.poll(() => trainings.running.size, patiently).toBe(1);
    await loseLease(job);
    await running;
    expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'queued', attempt: 2, result: null });
    expect(discarded).toEqual([]);
  });

  it('stops its training by its own clock when its lease has run out, and goes back without a loss', async () => {
    const job = await createTrial('steps=100000,pause=20');
    const runner = runnerOn({ store: shaky, leaseSeconds: 2, renewalSeconds: 0.2 });
    const running = runTrial(runner, job, never);
    await expect.poll(() => trainings.running.size, patiently).toBe(1);
    await relay.cut();
    // Nobody can tell it anything.
    await expect.poll(() => trainings.running.size, patiently).toBe(0);
    await relay.mend();
    await running;
    expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'queued', attempt: 2 });
    expect(enqueued).toEqual([{ trialId: job.trialId, attempt: 2 }]);
    expect(discarded).toEqual([]);
  });

  it('stops its training after a sleep of the machine that was longer than its lease', async () => {
    const job = await createTrial('steps=100000,pause=20');
    let slept = 0;
    const clock = (): number => os.uptime() + slept;
    const running = runTrial(runnerOn({ leaseSeconds: 60, renewalSeconds: 1000, clock }), job, never);
    await expect.poll(() => trainings.running.size, patiently).toBe(1);
    slept = 600;
    await running;
    expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'queued', attempt: 2 });
  });

  it('tells how far the training is while it runs', async () => {
    const job = await createTrial('steps=100000,pause=20');
    const stop = new AbortController();
    const running = runTrial(runnerOn({ renewalSeconds: 0.1 }), job, stop.signal);
    await expect.poll(async () => (await store.getTrial(job.trialId))?.step, patiently).toBeGreaterThan(3);
    expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'running', steps: 100_000 });
    stop.abort();
    await running;
  });

  it('trains on through a PostgreSQL that is away for a while, and records everything after', async () => {
    const job = await createTrial('steps=20,pause=50');
    await runThroughAnOutage(job);
    const trial = await store.getTrial(job.trialId);
    expect(trial).toMatchObject({ state: 'completed', attempt: 1, step: 20, steps: 20 });
    expect(trial?.learningCurve).toHaveLength(10);
  });

  it('stores the file of a model, also through a PostgreSQL that is away when the training ends', async () => {
    const { searchId } = await store.createSearch(searchOf(1, { script: 'steps=20,pause=50' }));
    const candidateId = (await store.getResults(searchId))?.candidates[0]?.candidateId ?? '';
    const job = await store.createModel({ searchId, candidateId, seed: 1, plan: modelPlan });
    if (job === null) throw new Error('The candidate is of the search');
    await runThroughAnOutage(job);
    expect(await store.getModel(job.trialId)).toMatchObject({ trial: { state: 'completed' }, bytes: 5000 });
    const expected = Uint8Array.from({ length: 5000 }, (_, index) => index % 251);
    expect(Buffer.compare((await store.savedModelPart(job.trialId, 0)) ?? Buffer.of(), expected)).toBe(0);
  });

  it('runs a trial whose claim was stored but not answered, in the same attempt', async () => {
    const job = await createTrial('steps=2,pause=10');
    let claims = 0;
    const unanswered: AttemptStore = {
      ...store,
      async claimTrial(input) {
        const claimed = await store.claimTrial(input);
        claims += 1;
        if (claims === 1) throw new CompoundSearchError('DEPENDENCY_UNAVAILABLE', 'The answer was lost');
        return claimed;
      },
    };
    await runTrial(runnerOn({ store: unanswered }), job, never);
    expect(claims).toBe(2);
    expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'completed', attempt: 1 });
  });

  it('does not claim a trial when the worker is about to stop', async () => {
    const job = await createTrial('steps=4');
    await runTrial(runnerOn(), job, AbortSignal.abort());
    expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'queued', attempt: 1 });
    expect(trainings.specifications).toEqual([]);
  });

  it('puts the next attempt on the queue, and goes on when the queue does not answer', async () => {
    const job = await createTrial('steps=4,end=crash');
    const enqueue: TrialRunner['enqueue'] = (jobs) => {
      enqueued.push(...jobs);
      return Promise.reject(new Error('The queue is away'));
    };
    await runTrial(runnerOn({ enqueue }), job, never);
    expect(enqueued).toEqual([{ trialId: job.trialId, attempt: 2 }]);
    expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'queued', attempt: 2 });
  });

  it.each([
    ['completed', 'steps=4', true],
    ['failed', 'steps=4,end=diverged', true],
    ['was lost and is run again', 'steps=4,end=crash', false],
  ])('when a trial %s, its checkpoints go only if nobody will go on from them', async (_, script, gone) => {
    const job = await createTrial(script);
    await runTrial(runnerOn(), job, never);
    expect(discarded).toEqual(gone ? [job.trialId] : []);
  });

  it.each([
    ['at its next renewal', { renewalSeconds: 0.2 }],
    ['at its next write, long before its renewal', { renewalSeconds: 1000 }],
  ])('discards the checkpoints of a trial that it hears to be cancelled %s', async (_, pace) => {
    const { searchId, trials } = await store.createSearch(searchOf(1, { script: 'steps=100000,pause=20' }));
    const [job] = trials;
    if (job === undefined) throw new Error('A search of one candidate and seed has one trial');
    const running = runTrial(runnerOn(pace), job, never);
    await expect.poll(() => trainings.running.size, patiently).toBe(1);
    await store.cancelSearch(searchId);
    await running;
    expect(discarded).toEqual([job.trialId]);
  });

  it('passes the warnings of a training on to its log', async () => {
    const job = await createTrial('steps=4,warning=full');
    const lines: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
    await runTrial(runnerOn({ logger }), job, never);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ msg: 'The disk is full', trialId: job.trialId, attempt: 1 }),
    ]);
    expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'completed' });
  });
});
