import { randomUUID } from 'node:crypto';

import type { TrialDetail, TrialJob } from '@compound-search/contracts';
import { createScratchDatabase, createStore, type Store } from '@compound-search/store';
import { pino } from 'pino';
import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';

import { createKnownEngines } from '../src/known-engines.ts';
import type { TrialRunner } from '../src/run-trial.ts';
import { runTrial } from './run-trial.ts';
import { type ScriptedTrainings, scriptedTrainings } from './scripted-training.ts';
import { searchOf } from './search-of.ts';

let store: Store;
let trainings: ScriptedTrainings;
let discarded: string[];
beforeAll(async () => {
  const database = await createScratchDatabase(inject('databaseUrl'));
  store = createStore({ databaseUrl: database.databaseUrl });
  return async () => {
    await store.close();
    await database.drop();
  };
});
beforeEach(() => {
  trainings = scriptedTrainings();
  discarded = [];
});

/** A worker that has just started: it knows no engine. */
function worker(): TrialRunner {
  return {
    store,
    enqueue: () => Promise.resolve(),
    startTraining: trainings.start,
    engines: createKnownEngines(),
    discardCheckpoints: (trialId) => Promise.resolve(void discarded.push(trialId)),
    logger: pino({ level: 'silent' }),
    workerId: randomUUID(),
  };
}

async function runAll(runner: TrialRunner, jobs: readonly TrialJob[]): Promise<TrialDetail[]> {
  const details: TrialDetail[] = [];
  for (const job of jobs) {
    await runTrial(runner, job, new AbortController().signal);
    const detail = await store.getTrial(job.trialId);
    if (detail !== null) details.push(detail);
  }
  return details;
}

/** Posts a search of three candidates and one seed. */
async function post(seed: number, script = 'steps=4', reuse = true): Promise<TrialJob[]> {
  return (await store.createSearch(searchOf(3, { script, seeds: [seed], reuse }))).trials;
}

describe('a worker that is given a trial equal to one that was trained', () => {
  it('starts no process for it once it knows its engine, and ends it as that one ended', async () => {
    const runner = worker();
    const trained = await runAll(runner, await post(1));
    const repeated = await runAll(runner, await post(1));

    expect(trainings.specifications).toHaveLength(3);
    expect(repeated.map(({ takenOverFrom }) => takenOverFrom)).toEqual(trained.map(({ id }) => id));
    expect(repeated.map(({ result }) => result)).toEqual(trained.map(({ result }) => result));
    expect(repeated.map(({ learningCurve }) => learningCurve)).toEqual(
      trained.map(({ learningCurve }) => learningCurve),
    );
    expect(discarded).toHaveLength(6);
  });

  it('stops the first training when that tells its engine, and starts none after', async () => {
    const script = 'steps=100000,pause=20';
    // Trained by a worker that was quicker: the script of these would take half an hour each.
    const trained = await post(2, script);
    for (const job of trained) await completeAtOnce(job);

    const repeated = await runAll(worker(), await post(2, script));

    expect(trainings.specifications).toHaveLength(1);
    expect(repeated).toMatchObject(trained.map(({ trialId }) => ({ state: 'completed', takenOverFrom: trialId })));
    expect(discarded).toHaveLength(3);
    expect(trainings.running.size).toBe(0);
  });

  it('trains it where its search is not to reuse trials', async () => {
    const runner = worker();
    await runAll(runner, await post(3));
    const repeated = await runAll(runner, await post(3, 'steps=4', false));
    expect(trainings.specifications).toHaveLength(6);
    expect(repeated.map(({ takenOverFrom }) => takenOverFrom)).toEqual([null, null, null]);
  });

  it('trains a rerun of it', async () => {
    const runner = worker();
    const [trained] = await runAll(runner, await post(4));
    const rerun = await store.createRerun(trained?.id ?? '');
    const [detail] = await runAll(runner, rerun === null ? [] : [rerun.job]);
    expect(detail).toMatchObject({ state: 'completed', takenOverFrom: null });
    expect(trainings.specifications.at(-1)).toMatchObject({ purpose: 'rerun' });
  });
});

/** On the engine that the scripted trainings tell of. */
async function completeAtOnce(job: TrialJob): Promise<void> {
  const claimed = await store.claimTrial({ ...job, workerId: 'quicker', leaseSeconds: 15 });
  if (claimed === null) throw new Error('The trial could not be claimed');
  const attempt = { trialId: job.trialId, token: claimed.token };
  const engine = {
    tensorflow: 'none',
    device: 'cpu',
    platform: process.platform,
    threads: 1,
    settings: '',
    program: '',
    datasetHash: 'a'.repeat(64),
    fingerprint: 'b'.repeat(64),
  };
  await store.recordStart({ ...attempt, engine, steps: 4 });
  const result = {
    validationAccuracy: 0.5,
    validationLoss: 1,
    testAccuracy: null,
    steps: 4,
    imagesPerSecond: 1,
    weightsHash: 'c',
  };
  await store.completeTrial({ ...attempt, result });
}
