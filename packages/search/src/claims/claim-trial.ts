import { setTimeout as sleep } from 'node:timers/promises';

import type { ClaimedTrialView, claimRequestSchema } from '@compound-search/contracts';
import type { AttemptStore, ClaimedTrial, SearchStore, TrialStore } from '@compound-search/store';
import type { z } from 'zod';

import { toClaimId } from './claim-id.ts';

/** What claiming needs of its surroundings. */
export type ClaimingStore = Pick<AttemptStore, 'claimExternalTrial'> &
  Pick<TrialStore, 'getTrial'> &
  Pick<SearchStore, 'getCandidates'>;

/** How often a claim that waits looks for a trial. */
const LOOK_MILLISECONDS = 500;

/**
 * Gives a trial that is to be trained elsewhere to whoever asks, and waits for one as long as was asked for.
 *
 * @param signal - aborted when nobody waits for the answer any more.
 * @returns null where there is none.
 */
export async function claimTrial(
  store: ClaimingStore,
  request: z.output<typeof claimRequestSchema>,
  signal: AbortSignal,
): Promise<ClaimedTrialView | null> {
  const { worker, searchId, leaseSeconds, waitSeconds, token } = request;
  const deadline = performance.now() + waitSeconds * 1000;
  const claim = { workerId: worker, searchId, leaseSeconds, ...(token === undefined ? {} : { token }) };
  for (;;) {
    const claimed = await store.claimExternalTrial(claim);
    if (claimed !== null) return describeClaim(store, claimed, leaseSeconds);
    const left = deadline - performance.now();
    if (left <= 0 || signal.aborted) return null;
    await sleep(Math.min(left, LOOK_MILLISECONDS), undefined, { signal }).catch(() => undefined);
  }
}

async function describeClaim(
  store: ClaimingStore,
  { specification, token }: ClaimedTrial,
  leaseSeconds: number,
): Promise<ClaimedTrialView | null> {
  const { trialId, attempt, seed, dataset, split, recipe, baseline } = specification;
  const trial = await store.getTrial(trialId);
  const network = trial === null ? undefined : (await store.getCandidates([trial.candidateId])).get(trial.candidateId);
  // The search was deleted meanwhile.
  if (trial === null || network === undefined) return null;
  return {
    ...{ claim: toClaimId({ trialId, token }), leaseSeconds, trialId, searchId: trial.searchId, attempt },
    ...{ purpose: trial.purpose === 'test' ? 'test' : 'ranking', seed, dataset, split, recipe, baseline, network },
  };
}
