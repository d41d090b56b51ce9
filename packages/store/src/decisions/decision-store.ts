import type { Blame, Decision, DecisionView, TrialJob, TrialState } from '@compound-search/contracts';

import type { Page, PageRequest } from '../database/pages.ts';

/** The decisions of a search, for strategies that make any: what was assigned in which round, and what became of it. */
export interface DecisionStore {
  /** What the next decision of a search is made from, as of one moment; null when there is no such search. */
  getRound(searchId: string): Promise<SearchRound | null>;
  /**
   * Stores the decision of a round that follows the search's last one, with what it assigns: new trials are queued, and
   * paused ones are queued again with their new epochs. All of it happens or, where another has taken the decision
   * before or the search is not running any more, nothing.
   * @returns the jobs to put on the queue, none where the trials are trained elsewhere; null where nothing happened.
   */
  takeDecision(input: { readonly searchId: string; readonly decision: Decision }): Promise<TrialJob[] | null>;
  /** In the order of the rounds; null when there is no such search. */
  listDecisions(searchId: string, page: PageRequest): Promise<Page<DecisionView> | null>;
}

/** A search up to its last decision. */
export interface SearchRound {
  /** Of the last decision. */
  readonly round: number;
  /** In the order of the plan. */
  readonly candidates: readonly { readonly fingerprint: string; readonly macs: number }[];
  /** By round, and in the order of the decision within it. */
  readonly assigned: readonly AssignedTrial[];
}

/** Something that a decision assigned, with what became of it. */
export interface AssignedTrial {
  readonly round: number;
  readonly fingerprint: string;
  readonly seed: number;
  /** Epochs after which it was to pause; null for all. */
  readonly epochs: number | null;
  /** Of the trial, whichever round assigned what it trains now. */
  readonly state: TrialState;
  /** Whether a later decision has assigned more of the same trial, which therefore had come as far as this one asked for. */
  readonly isPromoted: boolean;
  readonly failedBy: Blame | null;
  /** At the assigned epochs, or at the end where it ended before; null until it has come so far. */
  readonly validationAccuracy: number | null;
  /** The same of the validation loss; null too where an import did not tell it. */
  readonly validationLoss: number | null;
  /** Seconds that the epochs up to there took, those of earlier rounds too. */
  readonly seconds: number;
}
