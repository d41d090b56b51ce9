import { randomUUID } from 'node:crypto';

import { CompoundSearchError, type TrialJob } from '@compound-search/contracts';
import { type AttemptStore, createStore, type Store } from '@compound-search/store';
import { Client } from 'pg';
import { pino } from 'pino';
import { beforeAll, expect, it } from 'vitest';

import { useOwnPostgres } from '../../../test/own-postgres.ts';
import { createKnownEngines } from '../src/known-engines.ts';
import { runTrial } from './run-trial.ts';
import { type ScriptedTrainings, scriptedTrainings } from './scripted-training.ts';
import { searchOf } from './search-of.ts';

const postgres = useOwnPostgres();
const patiently = { timeout: 40_000, interval: 20 };
let store: Store;

beforeAll(async () => {
  store = createStore({ databaseUrl: postgres().databaseUrl });
  await store.migrate(() => undefined);
  return () => store.close();
});

/** The store, and the codes with which writes of a trial's record failed. */
function noting(codes: string[]): AttemptStore {
  const note = (error: unknown): never => {
    codes.push(error instanceof CompoundSearchError ? error.code : String(error));
    throw error;
  };
  return {
    ...store,
    recordEpoch: (input) => store.recordEpoch(input).catch(note),
    completeTrial: (input) => store.completeTrial(input).catch(note),
  };
}

async function createTrial(): Promise<TrialJob> {
  const [job] = (await store.createSearch(searchOf(1, { script: 'steps=40,pause=20' }))).trials;
  if (job === undefined) throw new Error('A search of one candidate and seed has one trial');
  return job;
}

function run(job: TrialJob, trainings: ScriptedTrainings, codes: string[]): Promise<void> {
  return runTrial(
    {
      store: noting(codes),
      enqueue: () => Promise.reject(new Error('Nothing is to be queued')),
      startTraining: trainings.start,
      engines: createKnownEngines(),
      discardCheckpoints: () => Promise.resolve(),
      logger: pino({ level: 'silent' }),
      workerId: randomUUID(),
      leaseSeconds: 60,
    },
    job,
    new AbortController().signal,
  );
}

async function setReadOnly(): Promise<() => Promise<void>> {
  await postgres().set({ default_transaction_read_only: 'on' });
  return () => postgres().set({ default_transaction_read_only: '' });
}

async function lockTrials(): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: postgres().databaseUrl });
  await client.connect();
  await client.query('BEGIN; LOCK TABLE trial IN EXCLUSIVE MODE');
  return () => client.end();
}

it.each([
  { what: 'takes no writes', disturb: setReadOnly, code: 'DEPENDENCY_UNAVAILABLE' },
  { what: 'takes longer than it may for each', disturb: lockTrials, code: 'DEPENDENCY_SLOW' },
])('keeps the result of a trial that ends while PostgreSQL $what, in its first attempt', async ({ disturb, code }) => {
  const job = await createTrial();
  const trainings = scriptedTrainings();
  const codes: string[] = [];
  const running = run(job, trainings, codes);
  await expect.poll(async () => (await store.getTrial(job.trialId))?.steps, patiently).toBe(40);
  const undisturb = await disturb();
  await expect.poll(() => trainings.running.size, patiently).toBe(0);
  await expect.poll(() => codes, patiently).toContain(code);
  await undisturb();
  await running;
  expect(new Set(codes)).toEqual(new Set([code]));
  expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'completed', attempt: 1, failure: null });
});
