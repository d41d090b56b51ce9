import type {
  BaselineCost,
  Candidate,
  Engine,
  Epoch,
  ModelPlan,
  NetworkDocument,
  Plan,
  SearchRequest,
  SearchState,
  SearchView,
  TrialDetail,
  TrialFailure,
  TrialJob,
  TrialResult,
  TrialSpecification,
  TrialState,
  TrialView,
} from '@compound-search/contracts';

/**
 * Searches, candidates, trials and results: the one record of what is to be done, under way and done.
 *
 * Every change of state is one conditional update, so any number of services and workers may call at the same time:
 * the first wins and the others are told so by their return value, never by an error. Leases run on the database's
 * clock. An attempt's token is handed out by {@link Store.claimTrial} and fences every later write of that attempt:
 * once the trial went to another attempt, or ended, nothing that the old holder sends changes anything.
 *
 * @throws CompoundSearchError `DEPENDENCY_UNAVAILABLE` from every method when PostgreSQL does not answer.
 */
export interface Store extends SearchStore, TrialStore, RerunStore, ModelStore, LeaseStore, BaselineStore {
  /** Brings the tables up to date; several services may do it at once. */
  migrate(): Promise<void>;
  /** Resolves when PostgreSQL answers. */
  ping(): Promise<void>;
  /** Ends all connections; nothing may be called after. */
  close(): Promise<void>;
}

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

/** Trials as people see them, and what the queue should hold. */
export interface TrialStore {
  /** In the order of the queue, without learning curves; null when there is no such search. */
  listTrials(
    searchId: string,
    page: PageRequest & { readonly state?: TrialState | undefined },
  ): Promise<Page<TrialView> | null>;
  /** With the learning curve of the current attempt. */
  getTrial(trialId: string): Promise<TrialDetail | null>;
  /** Queued trials in the order of the queue, to add again what the queue lost. */
  queuedTrials(page: PageRequest): Promise<Page<TrialJob>>;
  countQueued(): Promise<number>;
}

/** Trials that are asked for one by one. They never count in their search: not in its progress, counts, state or results. */
export interface RerunStore {
  /**
   * Stores a queued rerun of a completed trial: of the same network, seed and search, whatever state the search is in.
   * @returns the job to put on the queue; null when there is no such trial or it has not completed.
   */
  createRerun(trialId: string): Promise<TrialJob | null>;
  /**
   * Cancels an open rerun or model. Its holder learns of it at its next renewal.
   * @returns false when there is none, or it has ended; trials that a search consists of end with their search alone.
   */
  cancelTrial(trialId: string): Promise<boolean>;
}

/** Networks that are trained to be given out as files. */
export interface ModelStore {
  /**
   * Stores a queued trial that trains what was planned and leaves a file. The plan's coefficients are the candidate's.
   * @returns the job to put on the queue; null when the search has no such candidate.
   */
  createModel(input: {
    readonly searchId: string;
    readonly candidateId: string;
    readonly seed: number;
    readonly plan: ModelPlan;
  }): Promise<TrialJob | null>;
  /** A model with all that is recorded of it; null when there is none of this id. */
  getModel(modelId: string): Promise<ModelRecord | null>;
  /**
   * One part of a model's file, from 0 on, as {@link LeaseStore.recordModel} has cut it; null where there are no more.
   * The file is whole once the trial has completed.
   */
  savedModelPart(modelId: string, ordinal: number): Promise<Uint8Array | null>;
}

/** Attempts at trials. Leases are in seconds on the database's clock. */
export interface LeaseStore {
  /** Takes a queued trial. @returns null when another was faster, the attempt is out of date or the trial is not queued. */
  claimTrial(input: {
    readonly trialId: string;
    readonly attempt: number;
    readonly workerId: string;
    readonly leaseSeconds: number;
  }): Promise<ClaimedTrial | null>;
  /** Records what the attempt runs on and how many steps it has. @returns false when the attempt is over. */
  recordStart(input: Attempt & { readonly engine: Engine; readonly steps: number }): Promise<boolean>;
  /** Extends the lease and records the steps done. */
  renewLease(input: Attempt & { readonly leaseSeconds: number; readonly step: number }): Promise<LeaseState>;
  /** Adds a point to the learning curve. @returns false when the attempt is over. */
  recordEpoch(input: Attempt & { readonly epoch: Epoch }): Promise<boolean>;
  /** Stores the file of a model, before the attempt completes. @returns false when the attempt is over. */
  recordModel(input: Attempt & { readonly savedModel: Uint8Array }): Promise<boolean>;
  /** @returns false when the attempt is over: the result is not stored. */
  completeTrial(input: Attempt & { readonly result: TrialResult }): Promise<boolean>;
  /** Ends the attempt; a code that the catalogue marks for retry goes back to the queue until its third loss. */
  failTrial(input: Attempt & { readonly failure: TrialFailure }): Promise<FailedAttempt>;
  /** Gives an attempt back unfinished, which is not a loss. @returns the next attempt's job; null when the attempt is over. */
  releaseTrial(attempt: Attempt): Promise<TrialJob | null>;
  /** Ends every attempt whose lease ran out, as lost. */
  expireLeases(): Promise<ExpiredLeases>;
}

/** Networks that people have registered. What a name stands for never changes. */
export interface BaselineStore {
  /**
   * Registers a description under its name.
   * @returns `same` where it is registered already, whatever the order of its keys; `taken` where another one has the name.
   */
  registerBaseline(description: NetworkDocument): Promise<'registered' | 'same' | 'taken'>;
  getBaseline(name: string): Promise<NetworkDocument | null>;
  /** In the order in which they were registered. */
  listBaselines(): Promise<NetworkDocument[]>;
}

export interface PageRequest {
  /** Most items on the page. */
  readonly limit: number;
  /** `next` of the page before; absent for the first. */
  readonly cursor?: string | undefined;
}

/** One page of a list; `next` is null on the last. */
export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

export interface CreatedSearch {
  readonly searchId: string;
  readonly trials: TrialJob[];
}

/** A holder's proof: the trial and the token of its attempt. */
export interface Attempt {
  readonly trialId: string;
  readonly token: string;
}

export interface ClaimedTrial {
  readonly specification: TrialSpecification;
  readonly token: string;
}

/** `lost`: the attempt is over and another may run; `cancelled`: the search was cancelled. Both mean: stop. */
export type LeaseState = 'held' | 'lost' | 'cancelled';

export type FailedAttempt =
  { readonly state: 'failed' } | { readonly state: 'requeued'; readonly job: TrialJob } | { readonly state: 'lost' };

export interface ExpiredLeases {
  readonly requeued: TrialJob[];
  /** Trials that were lost for the last time allowed. */
  readonly failed: { readonly trialId: string }[];
}

/** States that follow from a search's trials. */
export type EndedByOutcome = Exclude<SearchState, 'running' | 'testing' | 'cancelled'>;

export interface SearchToAdvance {
  readonly searchId: string;
  readonly state: 'running' | 'testing';
}

/** A trial as ranking sees it. */
export interface TrialOutcome {
  readonly trialId: string;
  readonly seed: number;
  readonly state: TrialState;
  readonly engine: Engine | null;
  readonly result: TrialResult | null;
  readonly failure: TrialFailure | null;
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

/** A model: its trial, what was planned, and what the search fixed for it. */
export interface ModelRecord {
  readonly trial: TrialView;
  readonly plan: ModelPlan;
  readonly request: SearchRequest;
  readonly network: NetworkDocument;
  /** Of the file; 0 until there is one. */
  readonly bytes: number;
}
