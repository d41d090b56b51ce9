import type { Leaderboard, SearchView } from '@compound-search/contracts';

import type { SearchPlace } from '../address.ts';
import { type CandidateMark, marksOf } from '../charts/candidate-marks.ts';

/** What every tab of a search knows. */
export interface SearchTab {
  readonly search: SearchView;
  readonly leaderboard: Leaderboard;
  readonly place: SearchPlace;
  /** Marks a candidate in every picture and table. */
  readonly onChoose: (candidateId: string) => void;
}

/** Whether a search ranks by loss, of which less is better. */
export function isByLoss({ request }: SearchView): boolean {
  return request.objective.kind === 'loss';
}

/** The pictures' marks of a search. */
export function searchMarks({ search, leaderboard }: Pick<SearchTab, 'search' | 'leaderboard'>): CandidateMark[] {
  return marksOf(leaderboard.rows, search.request.constraint.exponents, isByLoss(search));
}
