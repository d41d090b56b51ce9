import type {
  BaselineCost,
  Candidate,
  Coefficients,
  Decision,
  Engine,
  NetworkDocument,
  Objective,
  Plan,
  SearchChanges,
  SearchRequest,
  SearchState,
  SearchView,
  TrialJob,
  TrialState,
} from '@compound-search/contracts';

import type { Creation } from '../creations/creation-store.ts';
import type { Page, PageRequest } from '../database/pages.ts';
import type { TrialOutcome } from '../trials/trial-store.ts';

/** Searches as a whole. Identifiers are UUIDs; any other text is an identifier that does not exist. */
export interface SearchStore {
  /**
   * Stores a search with its candidates, the decisions that it begins with and the queued ranking trials that these
   * assign, in their order, in one transaction.
   * `network` is the description that the request's baseline stands for; the trials carry it.
   * @returns the search as it was stored, and the jobs to put on the queue, once everything is committed; none where its
   * trials are trained elsewhere.
   */
  createSearch(input: {
    readonly request: SearchRequest;
    readonly network: NetworkDocument;
    readonly plan: Plan;
    /** Of the data set's content, which the trials must find again; null where it is not known. */
    readonly datasetHash?: string | null;
    /** The search that this one goes on from. */
    readonly extends?: string | undefined;
    /** Where the request has an Idempotency-Key. @throws AlreadyCreatedError where it has been carried out */
    readonly creation?: Creation | undefined;
    /**
     * The decisions from round 1 on that need no results. Those of the strategy `full` are not kept: its trials say it all.
     * @defaultValue one, which gives every candidate every seed, seed by seed
     */
    readonly opening?: readonly Decision[];
  }): Promise<CreatedSearch>;
  getSearch(searchId: string): Promise<SearchView | null>;
  /** Newest first, in a constant number of queries. @throws CompoundSearchError `VALIDATION_FAILED` for a bad cursor. */
  listSearches(page: PageRequest): Promise<Page<SearchView>>;
  /**
   * What ranking goes by, in one statement that grows with the candidates and not with the trials. Accuracies that have
   * been read before are read again when there are others.
   */
  getResults(searchId: string): Promise<SearchResults | null>;
  /** What a search was posted as. */
  getDefinition(searchId: string): Promise<SearchDefinition | null>;
  /** The candidates with these identifiers, by identifier. */
  getCandidates(candidateIds: readonly string[]): Promise<ReadonlyMap<string, Candidate>>;
  /** The trials of one candidate, by seed in the order of the request's seeds. */
  getTrialsOf(candidateId: string): Promise<CandidateTrials>;
  /** The revision of a search, which tells whether anything has changed. */
  getRevision(searchId: string): Promise<number | null>;
  /** How far a search is and what it came to. */
  getAnswer(searchId: string): Promise<SearchAnswer | null>;
  /**
   * Running or testing searches whose trials have all ended, undecided ones whose trials have done so up to the round
   * before the last, stopping ones of whose trials none runs, and cancelled ones that had a winner and have no answer yet: the caller decides what follows. Those that a newer version has stored are left to its services.
   */
  searchesToAdvance(): Promise<SearchToAdvance[]>;
  /**
   * Moves a search from running to testing, stores the winner and its queued test trials, one per seed.
   * @returns the jobs to put on the queue, none where its trials are trained elsewhere; null when the search was not in
   * `running`, or still has open trials or decisions to come.
   */
  beginTesting(input: {
    readonly searchId: string;
    readonly candidateId: string;
    readonly seeds: readonly number[];
  }): Promise<TrialJob[] | null>;
  /** @returns false when the search was in no state that allows the move, or still has open trials. */
  endSearch(input: {
    readonly searchId: string;
    readonly state: EndedByTrials;
    /** The winner, where the search ends without having tested one. */
    readonly winnerCandidateId?: string;
    /** What the search came to; null where there is no winner. It is never computed again. */
    readonly answer: Coefficients | null;
  }): Promise<boolean>;
  /** Writes what a cancelled search had come to. @returns false where it has an answer, or is in another state. */
  recordAnswer(input: { readonly searchId: string; readonly answer: Coefficients }): Promise<boolean>;
  /** @returns the search as it is now; null when there is none. */
  changeSearch(searchId: string, changes: SearchChanges): Promise<SearchView | null>;
}

export interface CreatedSearch {
  readonly searchId: string;
  readonly search: SearchView;
  readonly trials: TrialJob[];
}

/** States that follow from a search's trials. */
export type EndedByTrials = Exclude<SearchState, 'running' | 'testing' | 'paused' | 'stopping' | 'cancelled'>;

/** States in which a search may have to be moved on. */
export const advancedStates = ['running', 'testing', 'stopping', 'cancelled'] as const satisfies readonly SearchState[];

export interface SearchToAdvance {
  readonly searchId: string;
  readonly state: (typeof advancedStates)[number];
  /** It is running, and the decision of its next round is to be made. */
  readonly undecided: boolean;
}

/** What the ranking trials of a candidate have come to. */
export interface CandidateResults {
  readonly candidateId: string;
  readonly fingerprint: string;
  readonly macs: number;
  /** How many of its ranking trials are in each state. */
  readonly trials: Readonly<Record<TrialState, number>>;
  /** Of the failed ones, those that failed by their own training. */
  readonly failedInTraining: number;
  /** Of the completed ones, in ascending order. */
  readonly seeds: readonly number[];
  /** Validation accuracies of the same trials in the same order. */
  readonly accuracies: readonly number[];
  /** Validation losses of the same trials in the same order, where candidates are ranked by them; else null. */
  readonly losses: readonly number[] | null;
}

/** All results of a search so far. */
export interface SearchResults {
  readonly searchId: string;
  readonly state: SearchState;
  readonly revision: number;
  readonly baseline: BaselineCost;
  /** Set when testing begins. */
  readonly winnerCandidateId: string | null;
  /** Ranking trials that took over the end of an equal trial. */
  readonly takenOverTrials: number;
  /** Trials that were trained elsewhere, and whose results were imported. */
  readonly importedTrials: number;
  /** What candidates are ranked by. */
  readonly objective: Objective;
  /** How far below the best a winner is as good. */
  readonly indifference: number;
  /** What the completed trials ran on, the most used first. */
  readonly engines: readonly { readonly engine: Engine; readonly trials: number }[];
  /** In the order of the plan. */
  readonly candidates: readonly CandidateResults[];
  /** Where it is the same, all candidates have the same seeds, accuracies and failed trainings. */
  readonly resultsVersion: string;
}

/** What a search was posted as; `network` is the description that the request's baseline stands for. */
export interface SearchDefinition {
  readonly request: SearchRequest;
  readonly network: NetworkDocument;
}

/** The trials of one candidate; those on the test split are the winner's alone. */
export interface CandidateTrials {
  readonly ranking: readonly TrialOutcome[];
  readonly test: readonly TrialOutcome[];
}

export interface SearchAnswer {
  readonly state: SearchState;
  readonly revision: number;
  /** Null until the search has ended, and where it ended without a winner. */
  readonly answer: Coefficients | null;
}
