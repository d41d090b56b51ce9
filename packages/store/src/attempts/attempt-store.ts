import type {
  AttemptParameters,
  AttemptWords,
  Engine,
  Epoch,
  TrialFailure,
  TrialJob,
  TrialResult,
  TrialSpecification,
} from '@compound-search/contracts';

/**
 * Attempts at trials. Leases are in seconds on the database's clock.
 *
 * Each verb may be repeated when its answer was lost: the holder is told the same again, and nothing is done twice. For
 * {@link AttemptStore.claimNextTrial} that takes a token of the caller's own.
 */
export interface AttemptStore {
  /**
   * Takes the queued trial whose turn it is: searches share the slots, as order-of-turns.ts says.
   * @returns null when no trial is queued but such as a newer version has stored, and for a worker that drains or is unfit
   * or whose version cannot work with the tables any more. A trial whose documents cannot be read at all ends as failed with
   * `RECORD_UNREADABLE`.
   */
  claimNextTrial(input: Claim): Promise<ClaimedTrial | null>;
  /**
   * Takes this trial, out of turn.
   * @returns null also when another was faster, the attempt is out of date, or the trial is not queued or to be trained
   * elsewhere, and as {@link AttemptStore.claimNextTrial} says.
   */
  claimTrial(input: Claim & { readonly trialId: string; readonly attempt: number }): Promise<ClaimedTrial | null>;
  /**
   * Takes a trial that is to be trained elsewhere, of one search or of any.
   * @returns null when there is none.
   */
  claimExternalTrial(input: Claim & { readonly searchId?: string | undefined }): Promise<ClaimedTrial | null>;
  /**
   * Records what the attempt runs on and how many steps it has, and in the log of the trial what it is to do.
   * @returns false when the attempt is over.
   */
  recordStart(input: Attempt & AttemptStart): Promise<boolean>;
  /**
   * Ends a ranking trial as an equal one of any search has ended that was trained on such an engine, with its learning
   * curve, unless the search is not to reuse trials: it would come to the same bits. One that is assigned some epochs
   * only pauses, with the curve as far as that.
   * @returns the trial that was taken over; null where there is none, or the attempt is over: then the caller trains on.
   */
  takeOverTrial(input: Attempt & { readonly engine: Engine }): Promise<string | null>;
  /** Extends the lease and records the steps done. */
  renewLease(input: Attempt & { readonly leaseSeconds: number; readonly step: number }): Promise<LeaseState>;
  /** Adds a point to the learning curve. @returns false when the attempt is over. */
  recordEpoch(input: Attempt & { readonly epoch: Epoch }): Promise<boolean>;
  /** Stores the file of a model, before the attempt completes. @returns false when the attempt is over. */
  recordModel(input: Attempt & { readonly savedModel: Uint8Array }): Promise<boolean>;
  /** @returns false when the attempt was over before: the result is not stored. */
  completeTrial(input: EndedAttempt & { readonly result: TrialResult }): Promise<boolean>;
  /**
   * Ends the attempt where the trial has trained all epochs that it was assigned; what it has left is needed when a
   * decision promotes it. @returns false when the attempt was over before, or has not come so far.
   */
  pauseTrial(attempt: EndedAttempt): Promise<boolean>;
  /**
   * Ends the attempt; a code that the catalogue marks for retry goes back to the queue until its third loss, or the second
   * time that it finds no memory.
   */
  failTrial(input: EndedAttempt & { readonly failure: TrialFailure }): Promise<FailedAttempt>;
  /** Gives an attempt back unfinished, which is not a loss. @returns the next attempt's job; null when the attempt was over before. */
  releaseTrial(attempt: EndedAttempt): Promise<TrialJob | null>;
  /** Those of the trials that no attempt will go on with: ended, deleted, or paused where nothing more is to be decided. */
  finishedTrials(trialIds: readonly string[]): Promise<string[]>;
  /** Those of the trials that were deleted, within the last two weeks, with their search. */
  deletedTrials(trialIds: readonly string[]): Promise<string[]>;
  /** Ends every attempt whose lease ran out, as lost. */
  expireLeases(): Promise<ExpiredLeases>;
}

/** Who takes a trial, and for how long at first. */
export interface Claim {
  readonly workerId: string;
  readonly leaseSeconds: number;
  /** A new UUID, the same when the claim is repeated. @defaultValue one that the store makes */
  readonly token?: string;
}

/** A holder's proof: the trial and the token of its attempt. */
export interface Attempt {
  readonly trialId: string;
  readonly token: string;
}

/** What an attempt begins to train, and on what. */
export interface AttemptStart {
  readonly engine: Engine;
  readonly steps: number;
  readonly task?: Omit<AttemptParameters, 'engine' | 'steps'>;
}

/** With what its training has said, which goes to the log of the trial. */
export interface EndedAttempt extends Attempt {
  readonly words?: AttemptWords;
}

export interface ClaimedTrial {
  readonly specification: TrialSpecification;
  readonly token: string;
}

/** `lost`: the attempt is over and another may run; `cancelled`: the search was cancelled or deleted. Both mean: stop. */
export type LeaseState = 'held' | 'lost' | 'cancelled';

export type FailedAttempt =
  { readonly state: 'failed' } | { readonly state: 'requeued'; readonly job: TrialJob } | { readonly state: 'lost' };

export interface ExpiredLeases {
  readonly requeued: TrialJob[];
  /** Trials that were lost for the last time allowed. */
  readonly failed: { readonly trialId: string }[];
}
