import { CompoundSearchError, type ModelRequest, type ModelView } from '@compound-search/contracts';
import { findDataset } from '@compound-search/datasets';
import type { TrialQueue } from '@compound-search/queue';
import type {
  CandidateResults,
  Creation,
  ModelStore,
  SearchDefinition,
  SearchResults,
  SearchStore,
} from '@compound-search/store';

import { requireWinner } from '../answer/coefficients.ts';
import type { Log } from '../log.ts';
import { enqueueTrials } from '../start/enqueue-trials.ts';
import { toUntrainedModel } from './model-view.ts';
import { planModel } from './plan-model.ts';

/** What training a model needs of its surroundings. */
export interface ModelStart {
  readonly store: Pick<ModelStore, 'createModel'> & Pick<SearchStore, 'getResults' | 'getDefinition' | 'getCandidates'>;
  readonly queue: Pick<TrialQueue, 'add' | 'ping'>;
  readonly dataRoot: string | undefined;
  /** Of a request with an Idempotency-Key. */
  readonly creation?: Creation | undefined;
  readonly log: Pick<Log, 'warn'>;
}

/**
 * Stores and queues the training of a network of a search as a model. What can be refused is refused before.
 *
 * @returns the model as it was stored; null where there is no such search.
 * @throws CompoundSearchError COEFFICIENTS_NOT_READY or NO_WINNER where no candidate is named and there is no winner,
 * NOT_FOUND for a candidate of another search, UNKNOWN_DATASET, DATASET_INVALID, what planModel throws, and
 * DEPENDENCY_UNAVAILABLE; AlreadyCreatedError where the request has been carried out.
 */
export async function startModel(
  { store, queue, dataRoot, creation, log }: ModelStart,
  searchId: string,
  { candidateId: wanted, phi, seed: wantedSeed }: ModelRequest,
): Promise<ModelView | null> {
  const [results, definition] = await Promise.all([store.getResults(searchId), store.getDefinition(searchId)]);
  if (results === null || definition === null) return null;
  const { candidateId } = wanted === undefined ? requireWinner(results) : requireCandidate(results, wanted);
  const candidate = (await store.getCandidates([candidateId])).get(candidateId);
  if (candidate === undefined) throw unknownCandidate(searchId, candidateId);
  const { request } = definition;
  const dataset = await findDataset(request.dataset, dataRoot === undefined ? {} : { dataRoot });
  const plan = planModel({ definition, candidate, phi, dataset });
  const seed = wantedSeed ?? firstSeed(definition);
  await queue.ping();
  const job = await store.createModel({ searchId, candidateId, seed, plan, creation });
  if (job === null) throw unknownCandidate(searchId, candidateId);
  await enqueueTrials(queue, [job], log);
  return toUntrainedModel({ id: job.trialId, searchId, candidateId, phi: plan.phi, seed });
}

function requireCandidate({ searchId, candidates }: SearchResults, candidateId: string): CandidateResults {
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

function firstSeed({ request: { seeds } }: SearchDefinition): number {
  const [seed] = seeds;
  if (seed === undefined) throw new Error('A search has at least one seed');
  return seed;
}
