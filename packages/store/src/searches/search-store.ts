import type {
  BaselineCost,
  Candidate,
  NetworkDocument,
  Plan,
  SearchRequest,
  SearchState,
  SearchView,
  TrialJob,
} from '@compound-search/contracts';

import type { Page, PageRequest } from '../database/pages.ts';
import type { TrialOutcome } from '../trials/trial-store.ts';

/** Searches as a whole. Identifiers are UUIDs; any other text is an identifier that does not exist. */
export interface SearchStore {
  /**
   * Stores a search with its candidates and one queued ranking trial per candidate and seed, in one transaction. The
   * trials are ordered seed by seed, so that all candidates have a first result before any has a second.
   * `network` is the description that the request's baseline stands for; the trials carry it.
   * @returns the jobs to put on the queue, once everything is committed.
   */
  createSearch(input: {
    readonly request: SearchRequest;
    readonly network: NetworkDocument;
    readonly plan: Plan;
  }): Promise<CreatedSearch>;
  getSearch(searchId: string): Promise<SearchView | null>;
  /** Newest first, in a constant number of queries. @throws CompoundSearchError `VALIDATION_FAILED` for a bad cursor. */
  listSearches(page: PageRequest): Promise<Page<SearchView>>;
  /** What the leaderboard and the coefficients are computed from, in a constant number of queries. */
  getOutcome(searchId: string): Promise<SearchOutcome | null>;
  /** Running or testing searches whose trials have all ended: the caller decides what follows. */
  searchesToAdvance(): Promise<SearchToAdvance[]>;
  /**
   * Moves a search from running to testing, stores the winner and its queued test trials, one per seed.
   * @returns the jobs to put on the queue; null when the search was not in `running` or still has open trials.
   */
  beginTesting(input: {
    readonly searchId: string;
    readonly candidateId: string;
    readonly seeds: readonly number[];
  }): Promise<TrialJob[] | null>;
  /** @returns false when the search was in no state that allows the move, or still has open trials. */
  endSearch(input: { readonly searchId: string; readonly state: EndedByOutcome }): Promise<boolean>;
  /**
   * Cancels a search and all its open trials, reruns and models too. Holders of running trials learn of it at their next renewal.
   * @returns the search as it is now, also when it had already ended (its state tells); null when there is none.
   */
  cancelSearch(searchId: string): Promise<SearchView | null>;
}

export interface CreatedSearch {
  readonly searchId: string;
  readonly trials: TrialJob[];
}

/** States that follow from a search's trials. */
export type EndedByOutcome = Exclude<SearchState, 'running' | 'testing' | 'cancelled'>;

export interface SearchToAdvance {
  readonly searchId: string;
  readonly state: 'running' | 'testing';
}

/** A candidate with its ranking trials by seed, in the order of the request's seeds. */
export interface CandidateOutcome {
  readonly candidateId: string;
  readonly candidate: Candidate;
  readonly trials: TrialOutcome[];
}

/** All results of a search so far. */
export interface SearchOutcome {
  readonly searchId: string;
  readonly state: SearchState;
  readonly request: SearchRequest;
  /** The description that the request's baseline stands for. */
  readonly network: NetworkDocument;
  readonly baseline: BaselineCost;
  /** In the order of the plan. */
  readonly candidates: CandidateOutcome[];
  /** Set when testing begins. */
  readonly winnerCandidateId: string | null;
  /** The winner's trials on the test split; empty before. */
  readonly testTrials: TrialOutcome[];
}
