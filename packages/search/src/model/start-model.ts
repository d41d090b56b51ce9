import { CompoundSearchError, type ModelRequest } from '@compound-search/contracts';
import { findDataset } from '@compound-search/datasets';
import type { TrialQueue } from '@compound-search/queue';
import type { CandidateOutcome, ModelStore, SearchOutcome } from '@compound-search/store';

import { requireWinner } from '../answer/coefficients.ts';
import type { Log } from '../log.ts';
import { enqueueTrials } from '../start/enqueue-trials.ts';
import { planModel } from './plan-model.ts';

/** What training a model needs of its surroundings. */
export interface ModelStart {
  readonly store: Pick<ModelStore, 'createModel'>;
  readonly queue: Pick<TrialQueue, 'add' | 'ping'>;
  readonly dataRoot: string | undefined;
  readonly log: Pick<Log, 'warn'>;
}

/**
 * Stores and queues the training of a network of a search as a model. What can be refused is refused before.
 *
 * @returns the identifier of the model.
 * @throws CompoundSearchError COEFFICIENTS_NOT_READY or NO_WINNER where no candidate is named and there is no winner,
 * NOT_FOUND for a candidate of another search, UNKNOWN_DATASET, DATASET_INVALID, what planModel throws, and
 * DEPENDENCY_UNAVAILABLE.
 */
export async function startModel(
  { store, queue, dataRoot, log }: ModelStart,
  outcome: SearchOutcome,
  { candidateId, phi, seed }: ModelRequest,
): Promise<string> {
  const chosen = candidateId === undefined ? requireWinner(outcome) : requireCandidate(outcome, candidateId);
  const dataset = await findDataset(outcome.request.dataset, dataRoot === undefined ? {} : { dataRoot });
  const plan = planModel({ outcome, candidate: chosen.candidate, phi, dataset });
  await queue.ping();
  const job = await store.createModel({
    searchId: outcome.searchId,
    candidateId: chosen.candidateId,
    seed: seed ?? firstSeed(outcome),
    plan,
  });
  if (job === null) throw unknownCandidate(outcome.searchId, chosen.candidateId);
  await enqueueTrials(queue, [job], log);
  return job.trialId;
}

function requireCandidate({ searchId, candidates }: SearchOutcome, candidateId: string): CandidateOutcome {
  const candidate = candidates.find((one) => one.candidateId === candidateId);
  if (candidate === undefined) throw unknownCandidate(searchId, candidateId);
  return candidate;
}

function unknownCandidate(searchId: string, candidateId: string): CompoundSearchError {
  return new CompoundSearchError('NOT_FOUND', `Search ${searchId} has no candidate ${candidateId}`, {
    field: 'candidateId',
    value: candidateId,
    remedy: `GET /v1/searches/${searchId}/leaderboard lists its candidates.`,
  });
}

function firstSeed({ request: { seeds } }: SearchOutcome): number {
  const [seed] = seeds;
  if (seed === undefined) throw new Error('A search has at least one seed');
  return seed;
}
