import { rankCandidates, type RankedCandidate } from '@compound-search/ranking';

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
  const ranked = rankCandidates({
    candidates,
    trials: trainings.map(({ candidate, seed, accuracy }) => ({
      fingerprint: candidates[candidate]?.fingerprint ?? '',
      seed,
      state: 'completed',
      failedBy: null,
      validationAccuracy: accuracy,
    })),
  });
  const row = ranked.find(({ fingerprint }) => fingerprint === candidates[best]?.fingerprint);
  if (row === undefined) throw new Error(`There is no candidate ${best}`);
  return { verdict: verdictOf(row), behind: behindFirst(row) };
}

function verdictOf({ rank, tied }: RankedCandidate): Standing['verdict'] {
  if (rank === 1) return 'same';
  return tied ? 'tied' : 'worse';
}

function behindFirst({ behindBest }: RankedCandidate): Standing['behind'] {
  if (behindBest === null) return { difference: 0, standardError: null };
  const { difference, uncertainty } = behindBest;
  return { difference: 100 * difference, standardError: uncertainty === null ? null : 100 * uncertainty.standardError };
}
