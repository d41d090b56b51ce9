import {
  type CandidateScores,
  chooseWinner,
  type MeasuredCandidate,
  type RankedCandidate,
  rankScores,
} from '@compound-search/ranking';
import type { CandidateResults, SearchResults } from '@compound-search/store';

import { objectiveValues } from '../objective-values.ts';
import { type ObjectiveRanking, toObjectiveRanking } from './objective-rows.ts';

/** What the order of a search's candidates follows from. */
export type RankableResults = Pick<SearchResults, 'candidates' | 'objective' | 'indifference'>;

/** Ranks the candidates of a search by what its ranking trials have shown so far, best first. */
export function rankResults({ candidates, objective, indifference }: RankableResults): ObjectiveRanking {
  const valueOf = objectiveValues(objective, candidates);
  const scores = candidates.map((results) => toScores(results, objective.kind === 'accuracy' ? null : valueOf));
  return toObjectiveRanking(rankScores(scores, { indifference }), objective, candidates);
}

/** The candidate to test once all ranking trials have ended; null where none of them completed. */
export function findWinner(results: RankableResults): CandidateResults | null {
  const winner = chooseWinner(rankResults(results));
  return results.candidates.find(({ fingerprint }) => fingerprint === winner?.fingerprint) ?? null;
}

/** A candidate as its assessment needs it. */
export function toMeasured({
  fingerprint,
  macs,
  seeds,
  accuracies,
  failedInTraining,
}: CandidateResults): MeasuredCandidate {
  return { fingerprint, macs, seeds, accuracies, failedTraining: failedInTraining > 0 };
}

/** `valueOf` is null where accuracies are what is ranked by. */
function toScores(results: CandidateResults, valueOf: ReturnType<typeof objectiveValues> | null): CandidateScores {
  const { fingerprint, macs, seeds, accuracies } = results;
  return {
    candidate: { fingerprint, macs },
    seeds,
    accuracies: valueOf === null ? accuracies : toValues(results, valueOf),
    trials: countTrials(results),
  };
}

/** How many trials of a candidate are in each state, as its row shows it. */
export function countTrials({ trials, failedInTraining }: CandidateResults): RankedCandidate['trials'] {
  const { queued, running, completed, failed, cancelled } = trials;
  return {
    total: queued + running + completed + failed + cancelled,
    ...trials,
    failedBy: { training: failedInTraining, infrastructure: failed - failedInTraining },
  };
}

function toValues(
  { fingerprint, accuracies, losses }: CandidateResults,
  valueOf: ReturnType<typeof objectiveValues>,
): number[] {
  return accuracies.map((validationAccuracy, index) =>
    valueOf({ fingerprint, validationAccuracy, validationLoss: losses?.[index] ?? null }),
  );
}
