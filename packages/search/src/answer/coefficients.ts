import {
  baselineName,
  blameOf,
  type Coefficients,
  coefficientsSchema,
  CompoundSearchError,
  type Constraint,
  type Point,
} from '@compound-search/contracts';
import { chooseWinner, estimate } from '@compound-search/ranking';
import type { CandidateOutcome, SearchOutcome, TrialOutcome } from '@compound-search/store';

import { rankOutcome } from './leaderboard.ts';

/**
 * The winning coefficients of a search with their evidence. They stand as soon as all ranking trials have ended; the
 * accuracy on the test split and the proof that the trials repeat to the bit follow when the winner has been tested.
 *
 * @throws CompoundSearchError COEFFICIENTS_NOT_READY while trials are ranked, NO_WINNER where none came out of them.
 */
export function toCoefficients(outcome: SearchOutcome): Coefficients {
  const { request } = outcome;
  const winner = requireWinner(outcome);
  const { points } = winner.candidate;
  const { alpha, beta, gamma, product } = nearestPoint(points, request.constraint);
  return {
    searchId: outcome.searchId,
    state: outcome.state,
    alpha,
    beta,
    gamma,
    product,
    constraint: request.constraint,
    equivalentPoints: points,
    network: coefficientsSchema.shape.network.parse(winner.candidate),
    ...evidence(outcome, winner),
    baseline: baselineName(request.baseline),
    dataset: request.dataset,
    split: request.split,
    recipe: request.recipe,
    seeds: request.seeds,
    engine: winner.trials.find(({ engine }) => engine !== null)?.engine ?? null,
  };
}

/**
 * The candidate that won.
 *
 * @throws CompoundSearchError COEFFICIENTS_NOT_READY while trials are ranked, NO_WINNER where none came out of them.
 */
export function requireWinner({ searchId, state, candidates, winnerCandidateId }: SearchOutcome): CandidateOutcome {
  const winner = candidates.find(({ candidateId }) => candidateId === winnerCandidateId);
  if (winner !== undefined) return winner;
  if (state === 'running') {
    throw new CompoundSearchError('COEFFICIENTS_NOT_READY', `The trials of search ${searchId} have not all ended`, {
      field: 'state',
      value: state,
      remedy: `Ask again when GET /v1/searches/${searchId} shows another state than running.`,
    });
  }
  throw new CompoundSearchError('NO_WINNER', `Search ${searchId} ended as ${state} before there was a winner`, {
    field: 'state',
    value: state,
    remedy: `GET /v1/searches/${searchId}/trials shows what became of its trials.`,
  });
}

/** Products closer than this are equal: they differ by the rounding error of the powers. */
const roundingError = 1e-12;

/** All points of a candidate are the same network; the one nearest to the target speaks for them. */
function nearestPoint(points: readonly Point[], { target }: Constraint): Point {
  const distance = ({ product }: Point): number => Math.abs(product - target);
  const compare = (one: Point, other: Point): number => {
    const difference = distance(one) - distance(other);
    if (Math.abs(difference) > roundingError) return difference;
    return one.alpha - other.alpha || one.beta - other.beta;
  };
  const [nearest] = points.toSorted(compare);
  if (nearest === undefined) throw new Error('A candidate has at least one point');
  return nearest;
}

type Evidence = Pick<Coefficients, 'validationAccuracy' | 'testAccuracy' | 'confidence'>;

function evidence(outcome: SearchOutcome, winner: CandidateOutcome): Evidence {
  const rows = rankOutcome(outcome);
  const row = rows.find(({ fingerprint }) => fingerprint === winner.candidate.fingerprint);
  const choice = chooseWinner(rows);
  if (row?.validationAccuracy == null || choice === null) throw new Error('A winner has completed ranking trials');
  const failedTests = outcome.testTrials.filter(({ state }) => state === 'failed').length;
  const missingTests = outcome.testTrials.filter(isMissing).length;
  return {
    validationAccuracy: row.validationAccuracy,
    testAccuracy: estimate(testAccuracies(outcome.testTrials)),
    confidence: {
      ...choice.confidence,
      probabilityBest: row.probabilityBest,
      failedTrials: choice.confidence.failedTrials + failedTests,
      missingTrials: choice.confidence.missingTrials + missingTests,
      reproduced: haveReproduced(outcome.testTrials, winner.trials),
    },
  };
}

function testAccuracies(trials: readonly TrialOutcome[]): number[] {
  return trials.flatMap(({ state, result }) =>
    state === 'completed' && result?.testAccuracy != null ? [result.testAccuracy] : [],
  );
}

/** Whether a trial ended without a result through no fault of its training. */
function isMissing({ state, failure }: TrialOutcome): boolean {
  return (
    state === 'cancelled' || (state === 'failed' && failure !== null && blameOf(failure.code) === 'infrastructure')
  );
}

function isOpen({ state }: TrialOutcome): boolean {
  return state === 'queued' || state === 'running';
}

/** Whether every completed test trial ended with the very weights of the ranking trial of its seed. */
function haveReproduced(tests: readonly TrialOutcome[], twins: readonly TrialOutcome[]): boolean | null {
  const completed = tests.filter(({ state }) => state === 'completed');
  if (completed.length === 0 || tests.some(isOpen)) return null;
  return completed.every(({ seed, result }) => {
    const twin = twins.find((trial) => trial.seed === seed);
    return result !== null && result.weightsHash === twin?.result?.weightsHash;
  });
}
