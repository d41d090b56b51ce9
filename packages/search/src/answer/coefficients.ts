import {
  baselineName,
  blameOf,
  type Candidate,
  type CoefficientRanges,
  type Coefficients,
  coefficientsSchema,
  CompoundSearchError,
  type Constraint,
  isEndedSearchState,
  type ScaledMember,
  type SearchState,
} from '@compound-search/contracts';
import { representativePoint } from '@compound-search/grid';
import { chooseWinner, estimate, type Ranking } from '@compound-search/ranking';
import type {
  CandidateResults,
  CandidateTrials,
  SearchDefinition,
  SearchResults,
  SearchStore,
  TrialOutcome,
} from '@compound-search/store';

import type { Rank } from './kept-rankings.ts';
import { toExpected } from './leaderboard.ts';
import type { ObjectiveRanking } from './objective-rows.ts';
import { rankResults } from './rank-results.ts';
import { familyOf, useOfWinner } from './use-of-winner.ts';

/**
 * Of the rules by which an answer is computed. It is stored with the answer, which stays as it was written when the rules
 * change; raise it with every change that could give another answer for the same results.
 */
export const answerVersion = 2;

/** What an answer is computed from. */
export interface AnswerSources {
  readonly results: SearchResults;
  readonly definition: SearchDefinition;
  /** The winner's network, and its trials. */
  readonly candidate: Candidate;
  readonly trials: CandidateTrials;
  readonly ranking: ObjectiveRanking;
  /** The networks that cannot be told from the best, the winner's among them. */
  readonly tied: readonly Candidate[];
  /** The state that the search has, or ends in with this answer. */
  readonly state: SearchState;
}

/** What is wanted of an answer beside what it always has. */
export interface CoefficientsOptions {
  /** @defaultValue 0 to 7 */
  readonly phi?: readonly number[] | undefined;
  /** Of {@link keepRankings} where many may ask. @defaultValue every answer is ranked anew */
  readonly rank?: Rank;
}

type AnswerStore = Pick<SearchStore, 'getAnswer' | 'getResults' | 'getDefinition' | 'getCandidates' | 'getTrialsOf'>;

/**
 * The winning coefficients of a search; null where there is no such search. Those of a search that has ended are what was
 * written when it ended. Before, they stand as soon as all ranking trials have ended; the accuracy on the test split and
 * the proof that the trials repeat to the bit follow when the winner has been tested.
 *
 * @throws CompoundSearchError COEFFICIENTS_NOT_READY while trials are ranked, NO_WINNER where none came out of them.
 */
export async function readCoefficients(
  store: AnswerStore,
  searchId: string,
  { phi, rank }: CoefficientsOptions = {},
): Promise<Coefficients | null> {
  const ended = await store.getAnswer(searchId);
  if (ended === null) return null;
  if (ended.answer !== null && phi === undefined) return ended.answer;
  const results = await store.getResults(searchId);
  if (results === null) return null;
  const answer = ended.answer ?? (await composeAnswer(store, results, results.state, rank));
  return phi === undefined ? answer : { ...answer, family: await readFamily(store, results, answer, phi) };
}

/** The baseline scaled with the coefficients of an answer, as its service would have scaled it to other phis. */
async function readFamily(
  store: Pick<AnswerStore, 'getDefinition'>,
  { searchId, baseline }: SearchResults,
  coefficients: Coefficients,
  phi: readonly number[],
): Promise<ScaledMember[]> {
  const definition = await store.getDefinition(searchId);
  return definition === null ? [] : familyOf({ definition, baseline }, coefficients, phi);
}

/**
 * Computes the answer of a search from its results, as it stands in this state.
 *
 * @throws CompoundSearchError COEFFICIENTS_NOT_READY, NO_WINNER
 */
export async function composeAnswer(
  store: Pick<AnswerStore, 'getDefinition' | 'getCandidates' | 'getTrialsOf'>,
  results: SearchResults,
  state: SearchState,
  rank: Rank = rankResults,
): Promise<Coefficients> {
  const { candidateId } = requireWinner(results);
  const [definition, trials] = await Promise.all([
    store.getDefinition(results.searchId),
    store.getTrialsOf(candidateId),
  ]);
  if (definition === null) throw new Error(`Search ${results.searchId} is gone`);
  const ranking = await rank(results);
  const tiedIds = tiedCandidateIds(results, ranking);
  const candidates = await store.getCandidates([...new Set([candidateId, ...tiedIds])]);
  const candidate = candidates.get(candidateId);
  if (candidate === undefined) throw new Error(`Candidate ${candidateId} is gone`);
  return toCoefficients({ results, definition, candidate, trials, ranking, tied: [...candidates.values()], state });
}

function tiedCandidateIds({ candidates }: SearchResults, { rows }: Ranking): string[] {
  const tied = new Set(rows.filter((row) => row.rank !== null && row.tied).map(({ fingerprint }) => fingerprint));
  return candidates.filter(({ fingerprint }) => tied.has(fingerprint)).map((candidate) => candidate.candidateId);
}

/** How far the coefficients of several networks reach, each network at the point that stands for it. */
function rangesOf(candidates: readonly Candidate[], constraint: Constraint): CoefficientRanges {
  const points = candidates.map((candidate) => representativePoint(candidate.points, constraint));
  const range = (axis: 'alpha' | 'beta' | 'gamma'): number[] => {
    const values = points.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)];
  };
  return { alpha: range('alpha'), beta: range('beta'), gamma: range('gamma') };
}

/** The winning coefficients with their evidence. @throws CompoundSearchError COEFFICIENTS_NOT_READY, NO_WINNER */
export function toCoefficients(sources: AnswerSources): Coefficients {
  const { results, definition, candidate, trials, state } = sources;
  const { request } = definition;
  const { alpha, beta, gamma, product } = representativePoint(candidate.points, request.constraint);
  return {
    searchId: results.searchId,
    state,
    alpha,
    beta,
    gamma,
    product,
    constraint: request.constraint,
    equivalentPoints: candidate.points,
    network: coefficientsSchema.shape.network.parse(candidate),
    objective: results.objective,
    ...evidence(sources),
    baseline: baselineName(request.baseline),
    dataset: request.dataset,
    split: request.split,
    recipe: request.recipe,
    seeds: request.seeds,
    strategy: request.strategy,
    engine: trials.ranking.find(({ engine }) => engine !== null)?.engine ?? null,
    engines: [...results.engines],
    takenOverTrials: results.takenOverTrials,
    importedTrials: results.importedTrials,
    ...useOfWinner({ definition, baseline: results.baseline }, candidate),
    answerVersion,
  };
}

/**
 * The candidate that won.
 *
 * @throws CompoundSearchError COEFFICIENTS_NOT_READY while trials are ranked, NO_WINNER where none came out of them.
 */
export function requireWinner({ searchId, state, candidates, winnerCandidateId }: SearchResults): CandidateResults {
  const winner = candidates.find(({ candidateId }) => candidateId === winnerCandidateId);
  if (winner !== undefined) return winner;
  if (!isEndedSearchState(state)) {
    throw new CompoundSearchError('COEFFICIENTS_NOT_READY', `The trials of search ${searchId} have not all ended`, {
      field: 'state',
      value: state,
      remedy: `Ask again when GET /v1/searches/${searchId} shows that the winner is tested, or that the search has ended.`,
    });
  }
  throw new CompoundSearchError('NO_WINNER', `Search ${searchId} ended as ${state} before there was a winner`, {
    field: 'state',
    value: state,
    remedy: `GET /v1/searches/${searchId}/trials shows what became of its trials.`,
  });
}

type Evidence = Pick<
  Coefficients,
  'validationAccuracy' | 'expectedAccuracy' | 'validationLoss' | 'expectedLoss' | 'testAccuracy' | 'confidence'
>;

function evidence({ results, definition, trials, ranking, tied }: AnswerSources): Evidence {
  const winner = requireWinner(results);
  const row = ranking.rows.find(({ fingerprint }) => fingerprint === winner.fingerprint);
  const choice = chooseWinner(ranking);
  if (row?.validationAccuracy == null || choice === null) throw new Error('A winner has completed ranking trials');
  return {
    validationAccuracy: row.validationAccuracy,
    expectedAccuracy: toExpected(row.expectedAccuracy),
    validationLoss: row.validationLoss,
    expectedLoss: toExpected(row.expectedLoss),
    testAccuracy: estimate(testAccuracies(trials.test)),
    confidence: {
      ...choice.confidence,
      tiedCoefficients: rangesOf(tied, definition.request.constraint),
      probabilityBest: row.probabilityBest,
      failedTrials: choice.confidence.failedTrials + trials.test.filter(({ state }) => state === 'failed').length,
      missingTrials: choice.confidence.missingTrials + trials.test.filter(isMissing).length,
      reproduced: haveReproduced(trials.test, trials.ranking),
    },
  };
}

/** Whether a trial ended without a result through no fault of its training. */
function isMissing({ state, failure }: TrialOutcome): boolean {
  return (
    state === 'cancelled' || (state === 'failed' && failure !== null && blameOf(failure.code) === 'infrastructure')
  );
}

function testAccuracies(trials: readonly TrialOutcome[]): number[] {
  return trials.flatMap(({ state, result }) =>
    state === 'completed' && result?.testAccuracy != null ? [result.testAccuracy] : [],
  );
}

function isOpen({ state }: TrialOutcome): boolean {
  return state === 'queued' || state === 'running';
}

/**
 * Whether every completed test trial ended with the very weights of the ranking trial of its seed, as far as both tell of
 * them: one that was trained elsewhere may not.
 */
function haveReproduced(tests: readonly TrialOutcome[], twins: readonly TrialOutcome[]): boolean | null {
  if (tests.some(isOpen)) return null;
  const pairs = tests
    .filter(({ state }) => state === 'completed')
    .map(({ seed, result }) => ({ test: result, ranking: twins.find((trial) => trial.seed === seed)?.result }))
    .filter(({ test, ranking }) => test?.weightsHash !== null && ranking?.weightsHash !== null);
  return pairs.length === 0 ? null : pairs.every(({ test, ranking }) => test?.weightsHash === ranking?.weightsHash);
}
