import type { Objective } from '@compound-search/contracts';
import { estimate, type ExpectedAccuracy, type RankedCandidate, type Ranking } from '@compound-search/ranking';
import type { CandidateResults } from '@compound-search/store';

import { factorOf, objectiveFactors } from '../objective-values.ts';

/**
 * A row whose accuracies are accuracies and whose losses are losses, whichever of them it is ranked by; differences and
 * probabilities are of what it is ranked by.
 */
export interface ObjectiveRow extends RankedCandidate {
  /** Null where candidates are ranked by something else. */
  readonly validationLoss: RankedCandidate['validationAccuracy'];
  readonly expectedLoss: ExpectedAccuracy | null;
}

/** A ranking of such rows. */
export interface ObjectiveRanking extends Ranking {
  readonly rows: readonly ObjectiveRow[];
}

/** Tells what was ranked by the values of an objective in accuracies and losses. */
export function toObjectiveRanking(
  ranking: Ranking,
  objective: Objective,
  candidates: readonly CandidateResults[],
): ObjectiveRanking {
  const byFingerprint = new Map(candidates.map((results) => [results.fingerprint, results]));
  const factors = objectiveFactors(objective, candidates);
  const rows = ranking.rows.map((row): ObjectiveRow => {
    const { accuracies = [], losses } = byFingerprint.get(row.fingerprint) ?? {};
    if (objective.kind === 'accuracy') return { ...row, ...noLoss };
    const validationAccuracy = estimate(accuracies);
    if (objective.kind === 'loss') {
      const expectedLoss = scaled(row.expectedAccuracy, -1);
      return {
        ...row,
        validationAccuracy,
        expectedAccuracy: null,
        validationLoss: estimate(losses ?? []),
        expectedLoss,
      };
    }
    const expectedAccuracy = scaled(row.expectedAccuracy, 1 / factorOf(factors, row.fingerprint));
    return { ...row, validationAccuracy, expectedAccuracy, ...noLoss };
  });
  return { ...ranking, rows };
}

const noLoss = { validationLoss: null, expectedLoss: null };

/** What is believed of a value times a factor, where what is believed of the value is known. */
function scaled(expected: ExpectedAccuracy | null, factor: number): ExpectedAccuracy | null {
  if (expected === null) return null;
  const [low, high] = expected.interval;
  const interval = factor < 0 ? ([factor * high, factor * low] as const) : ([factor * low, factor * high] as const);
  return { mean: factor * expected.mean, interval };
}
