import {
  type ClaimEnd,
  type claimResultSchema,
  CompoundSearchError,
  contradictionsOf,
  type TrialFailure,
  type TrialResult,
} from '@compound-search/contracts';
import type { Attempt, AttemptStore, SearchStore, TrialStore } from '@compound-search/store';
import type { z } from 'zod';

import { lossFault, toOutcome } from '../results/match-results.ts';
import { claimOver, parseClaimId } from './claim-id.ts';
import { whyOver } from './hold-claim.ts';

/** What ending a claim needs of its surroundings. */
export type EndingStore = Pick<AttemptStore, 'completeTrial' | 'failTrial' | 'renewLease'> &
  Pick<TrialStore, 'getTrial'> &
  Pick<SearchStore, 'getDefinition'>;

/**
 * Ends a claimed trial with what it came to; the same again changes nothing.
 *
 * @throws CompoundSearchError RESULT_INVALID where it lacks what the search needs, CLAIM_OVER where somebody else may have
 * the trial, or it has ended otherwise.
 */
export async function endClaim(
  store: EndingStore,
  claim: string,
  told: z.output<typeof claimResultSchema>,
): Promise<ClaimEnd> {
  const attempt = parseClaimId(claim);
  const trial = await store.getTrial(attempt.trialId);
  const definition = trial === null ? null : await store.getDefinition(trial.searchId);
  if (trial === null || definition === null) throw claimOver('cancelled');
  const purpose = trial.purpose === 'test' ? 'test' : 'ranking';
  requireWhole({ ...told, purpose }, definition.request);
  const outcome = toOutcome(told, told.message ?? 'It failed where it was trained');
  return 'failure' in outcome ? fail(store, attempt, outcome.failure) : complete(store, attempt, outcome.result);
}

type Told = Parameters<typeof contradictionsOf>[0] & Parameters<typeof lossFault>[0];

function requireWhole(told: Told, search: Parameters<typeof lossFault>[1]): void {
  const [contradiction] = contradictionsOf(told);
  if (contradiction !== undefined) {
    const { field, message } = contradiction;
    throw new CompoundSearchError('RESULT_INVALID', message, {
      field,
      value: told[field],
      remedy: `Correct ${field}.`,
    });
  }
  const fault = lossFault(told, search);
  if (fault === undefined) return;
  const { field, detail, remedy } = fault;
  throw new CompoundSearchError('RESULT_INVALID', `${field} ${detail}`, { field, remedy });
}

async function complete(store: EndingStore, attempt: Attempt, result: TrialResult): Promise<ClaimEnd> {
  if (!(await store.completeTrial({ ...attempt, result }))) throw await whyOver(store, attempt);
  return { trialId: attempt.trialId, state: 'completed' };
}

async function fail(store: EndingStore, attempt: Attempt, failure: TrialFailure): Promise<ClaimEnd> {
  const failed = await store.failTrial({ ...attempt, failure });
  if (failed.state === 'lost') throw await whyOver(store, attempt);
  return { trialId: attempt.trialId, state: failed.state === 'requeued' ? 'queued' : 'failed' };
}
