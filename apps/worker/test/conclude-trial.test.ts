import { randomUUID } from 'node:crypto';

import { CompoundSearchError, type TrialJob } from '@compound-search/contracts';
import { type AttemptStore, createScratchDatabase, createStore, type Store } from '@compound-search/store';
import { pino } from 'pino';
import { beforeAll, describe, expect, inject, it } from 'vitest';

import { createKnownEngines } from '../src/known-engines.ts';
import { runTrial } from './run-trial.ts';
import { scriptedTrainings } from './scripted-training.ts';
import { pausingSearchOf, searchOf } from './search-of.ts';

let store: Store;
beforeAll(async () => {
  const database = await createScratchDatabase(inject('databaseUrl'));
  store = createStore({ databaseUrl: database.databaseUrl });
  return async () => {
    await store.close();
    await database.drop();
  };
});

type Write =
  'recordStart' | 'recordEpoch' | 'renewLease' | 'completeTrial' | 'pauseTrial' | 'failTrial' | 'releaseTrial';

/** The store with a fault in one of its writes, at the first of its calls. */
function withFault(write: Write, fault: (execute: () => Promise<unknown>) => Promise<unknown>): AttemptStore {
  let calls = 0;
  const call = (input: unknown): Promise<unknown> => (store[write] as (input: unknown) => Promise<unknown>)(input);
  const faulty = (input: unknown): Promise<unknown> => {
    calls += 1;
    return calls === 1 ? fault(() => call(input)) : call(input);
  };
  return { ...store, [write]: faulty };
}

/** PostgreSQL has executed the statement, and its answer was lost. */
async function withoutAnswer(execute: () => Promise<unknown>): Promise<never> {
  await execute();
  throw new CompoundSearchError('DEPENDENCY_UNAVAILABLE', 'PostgreSQL does not answer');
}

/** What the store did not foresee, as a PostgreSQL that was made read-only by a failover. */
function unforeseen(): Promise<never> {
  return Promise.reject(new Error('cannot execute UPDATE in a read-only transaction'));
}

interface Ended {
  readonly job: TrialJob;
  readonly enqueued: readonly TrialJob[];
  readonly discarded: readonly string[];
}

async function runOn(faulty: AttemptStore, script: string, search = searchOf(1, { script })): Promise<Ended> {
  const [job] = (await store.createSearch(search)).trials;
  if (job === undefined) throw new Error('A search of one candidate and seed has one trial');
  const enqueued: TrialJob[] = [];
  const discarded: string[] = [];
  const runner = {
    store: faulty,
    enqueue: (jobs: readonly TrialJob[]) => Promise.resolve(void enqueued.push(...jobs)),
    startTraining: scriptedTrainings().start,
    engines: createKnownEngines(),
    discardCheckpoints: (trialId: string) => Promise.resolve(void discarded.push(trialId)),
    logger: pino({ level: 'silent' }),
    workerId: randomUUID(),
    renewalSeconds: 0.2,
  };
  await runTrial(runner, job, new AbortController().signal);
  return { job, enqueued, discarded };
}

describe('a trial ends as if nothing had happened when PostgreSQL executes, but does not answer', () => {
  it.each([
    ['recordStart', 'steps=8,pause=50', { state: 'completed', attempt: 1, steps: 8, step: 8 }],
    ['recordEpoch', 'steps=8,pause=50', { state: 'completed', attempt: 1, steps: 8, step: 8 }],
    ['renewLease', 'steps=8,pause=50', { state: 'completed', attempt: 1, steps: 8, step: 8 }],
    ['completeTrial', 'steps=8', { state: 'completed', attempt: 1, steps: 8, step: 8 }],
    ['failTrial', 'steps=8,end=diverged', { state: 'failed', attempt: 1, failure: { code: 'TRIAL_DIVERGED' } }],
    ['failTrial', 'steps=8,end=crash', { state: 'queued', attempt: 2, failure: null }],
  ] as const)('%s of %s', async (write, script, expected) => {
    const { job, enqueued, discarded } = await runOn(withFault(write, withoutAnswer), script);
    const trial = await store.getTrial(job.trialId);
    expect(trial).toMatchObject(expected);
    const hasEnded = expected.state !== 'queued';
    expect(discarded).toEqual(hasEnded ? [job.trialId] : []);
    expect(enqueued).toMatchObject(hasEnded ? [] : [{ trialId: job.trialId, attempt: 2 }]);
    if (expected.state === 'completed') expect(trial?.learningCurve.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
  });
});

describe('a trial that pauses', () => {
  it('does so as if nothing had happened when PostgreSQL executes, but does not answer, and keeps its checkpoints', async () => {
    const search = pausingSearchOf('steps=8');
    const { job, enqueued, discarded } = await runOn(withFault('pauseTrial', withoutAnswer), '', search);
    expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'paused', attempt: 1, step: 2 });
    expect({ enqueued, discarded }).toEqual({ enqueued: [], discarded: [] });
  });
});

describe('a trial is lost, not failed, and keeps its checkpoints when the store has an unforeseen fault', () => {
  it.each(['recordStart', 'recordEpoch', 'completeTrial'] as const)('in %s', async (write) => {
    const { job, enqueued, discarded } = await runOn(withFault(write, unforeseen), 'steps=4');
    expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'queued', attempt: 2, failure: null });
    expect(enqueued).toEqual([{ trialId: job.trialId, attempt: 2 }]);
    expect(discarded).toEqual([]);
  });

  it('in every one of its three attempts: then it ends as lost, with the fault of the store', async () => {
    const broken: AttemptStore = { ...store, completeTrial: unforeseen };
    const { job, enqueued } = await runOn(broken, 'steps=4');
    expect(enqueued).toHaveLength(1);
    const runner = {
      store: broken,
      enqueue: () => Promise.resolve(),
      startTraining: scriptedTrainings().start,
      engines: createKnownEngines(),
      discardCheckpoints: () => Promise.resolve(),
      logger: pino({ level: 'silent' }),
      workerId: randomUUID(),
    };
    for (const attempt of [2, 3]) await runTrial(runner, { ...job, attempt }, new AbortController().signal);
    expect(await store.getTrial(job.trialId)).toMatchObject({
      state: 'failed',
      attempt: 3,
      failure: { code: 'TRIAL_LOST', message: expect.stringContaining('read-only transaction') as string },
    });
  });
});
