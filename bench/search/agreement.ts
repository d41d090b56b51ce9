import { rankCandidates, type RankedCandidate } from '@compound-search/ranking';

import { mean, standardError } from '../engines/statistics.ts';
import type { GivenTraining } from './outcome.ts';
import type { SearchJob } from './search-job.ts';

/** How a named candidate stands among the results of a full grid. */
export interface Standing {
  /** `tied`: it is not the first, and cannot be told from it. */
  readonly verdict: 'same' | 'tied' | 'worse';
  /** Points of accuracy behind the first, with the standard error where it is known; 0 for the first. */
  readonly behind: { readonly difference: number; readonly standardError: number | null };
}

/** The standing of a candidate, by its place, among those that were all trained with the same seeds. */
export function standingOf(best: number, { candidates }: SearchJob, trainings: readonly GivenTraining[]): Standing {
  const { rows } = rankCandidates({
    candidates,
    trials: trainings.map(({ candidate, seed, accuracy }) => ({
      fingerprint: candidates[candidate]?.fingerprint ?? '',
      seed,
      state: 'completed',
      failedBy: null,
      validationAccuracy: accuracy,
    })),
  });
  const row = rows.find(({ fingerprint }) => fingerprint === candidates[best]?.fingerprint);
  if (row === undefined) throw new Error(`There is no candidate ${best}`);
  return { verdict: verdictOf(row), behind: behindFirst(row) };
}

function verdictOf({ rank, tied }: RankedCandidate): Standing['verdict'] {
  if (rank === 1) return 'same';
  return tied ? 'tied' : 'worse';
}

function behindFirst({ behindBest }: RankedCandidate): Standing['behind'] {
  if (behindBest === null) return { difference: 0, standardError: null };
  const { difference, standardError: error } = behindBest;
  return { difference: 100 * difference, standardError: error === null ? null : 100 * error };
}

/** How accuracies differ between two contestants over the trainings of the same candidate and seed. */
export interface AccuracyOffset {
  readonly trainings: number;
  /** Mean of the differences in points, and its standard error: within about two of them the same work was done. */
  readonly mean: number;
  readonly standardError: number;
}

/** The first contestant's accuracies less the second's; null where fewer than two trainings are common. */
export function accuracyOffset(
  ours: readonly GivenTraining[],
  theirs: readonly GivenTraining[],
  epochs: number,
): AccuracyOffset | null {
  const whole = (trainings: readonly GivenTraining[]): readonly GivenTraining[] =>
    trainings.filter((training) => training.epochs === epochs);
  const accuracies = new Map(whole(theirs).map((training) => [keyOf(training), training.accuracy]));
  const differences = whole(ours).flatMap((training) => {
    const other = accuracies.get(keyOf(training));
    return other === undefined ? [] : [100 * (training.accuracy - other)];
  });
  if (differences.length < 2) return null;
  return { trainings: differences.length, mean: mean(differences), standardError: standardError(differences) };
}

function keyOf({ candidate, seed }: GivenTraining): string {
  return `${candidate} ${seed}`;
}
