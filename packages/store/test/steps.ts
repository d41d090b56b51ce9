import type { TrialJob } from '@compound-search/contracts';
import type { Attempt, Store } from '@compound-search/store';

import { type Outcome, outcomeOf } from './outcome.ts';
import { sampleNetwork, samplePlan, sampleRequest, sampleResult } from './sample.ts';

/** The steps that tests take searches and trials through. */

/** A search of so many candidates, with one ranking trial for each seed. */
export function createSample(store: Store, candidates: number, seeds = [7, 3]): ReturnType<Store['createSearch']> {
  return store.createSearch({
    network: sampleNetwork,
    request: sampleRequest({ seeds }),
    plan: samplePlan(candidates),
  });
}

/** Claims a trial that is known to be free; a negative lease has run out already. */
export async function claim(store: Store, job: TrialJob | undefined, leaseSeconds = 15): Promise<Attempt> {
  if (job === undefined) throw new Error('There is no such job');
  const claimed = await store.claimTrial({ ...job, workerId: 'worker', leaseSeconds });
  if (claimed === null) throw new Error('The trial could not be claimed');
  return { trialId: job.trialId, token: claimed.token };
}

export async function complete(store: Store, jobs: readonly TrialJob[]): Promise<void> {
  for (const job of jobs) await store.completeTrial({ ...(await claim(store, job)), result: sampleResult(0.5) });
}

export async function candidatesOf(store: Store, searchId: string): Promise<Outcome['candidates']> {
  return (await outcomeOf(store, searchId)).candidates;
}

/** A search of one candidate whose only ranking trial, with seed 7, has completed. */
export async function createRanked(store: Store): Promise<{ searchId: string; candidateId: string }> {
  const { searchId, trials } = await createSample(store, 1, [7]);
  await complete(store, trials);
  const [candidate] = await candidatesOf(store, searchId);
  if (candidate === undefined) throw new Error('A search has a candidate');
  return { searchId, candidateId: candidate.candidateId };
}
