import type { ClaimState, Epoch } from '@compound-search/contracts';
import type { Attempt, AttemptStore } from '@compound-search/store';

import { claimOver, parseClaimId } from './claim-id.ts';

/** A sign of life: the lease is held for so many seconds more. */
export async function holdClaim(
  store: Pick<AttemptStore, 'renewLease'>,
  claim: string,
  { step, leaseSeconds }: { readonly step: number; readonly leaseSeconds: number },
): Promise<ClaimState> {
  return { state: await store.renewLease({ ...parseClaimId(claim), step, leaseSeconds }) };
}

/** Adds a point to the learning curve of a claimed trial. @throws CompoundSearchError CLAIM_OVER */
export async function tellEpoch(
  store: Pick<AttemptStore, 'recordEpoch' | 'renewLease'>,
  claim: string,
  epoch: Epoch,
): Promise<ClaimState> {
  const attempt = parseClaimId(claim);
  if (!(await store.recordEpoch({ ...attempt, epoch }))) throw await whyOver(store, attempt);
  return { state: 'held' };
}

/** Gives a trial back unfinished, which is not a loss. @throws CompoundSearchError CLAIM_OVER */
export async function releaseClaim(
  store: Pick<AttemptStore, 'releaseTrial' | 'renewLease'>,
  claim: string,
): Promise<void> {
  const attempt = parseClaimId(claim);
  if ((await store.releaseTrial(attempt)) === null) throw await whyOver(store, attempt);
}

/** Asked once a write was refused: an attempt that is over stays over. */
export async function whyOver(store: Pick<AttemptStore, 'renewLease'>, attempt: Attempt): Promise<Error> {
  const state = await store.renewLease({ ...attempt, leaseSeconds: 0, step: 0 });
  return claimOver(state === 'cancelled' ? 'cancelled' : 'lost');
}
