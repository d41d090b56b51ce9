import type { ModelPlan, NetworkDocument, SearchRequest, TrialJob, TrialView } from '@compound-search/contracts';

import type { Creation } from '../creations/creation-store.ts';

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
    /** Where the request has an Idempotency-Key. @throws AlreadyCreatedError where it has been carried out */
    readonly creation?: Creation | undefined;
  }): Promise<TrialJob | null>;
  /** A model with all that is recorded of it; null when there is none of this id. */
  getModel(modelId: string): Promise<ModelRecord | null>;
  /**
   * One part of a model's file, from 0 on, as {@link AttemptStore.recordModel} has cut it; null where there are no more.
   * The file is whole once the trial has completed.
   */
  savedModelPart(modelId: string, ordinal: number): Promise<Uint8Array | null>;
}

/** Trials that are asked for one by one. They never count in their search: not in its progress, counts, state or results. */
export interface RerunStore {
  /**
   * Stores a queued rerun of a completed trial: of the same network, seed and search, whatever state the search is in.
   * @param creation - where the request has an Idempotency-Key
   * @returns the job to put on the queue, and when it was stored; null when there is no such trial or it has not completed.
   * @throws AlreadyCreatedError where the request has been carried out
   */
  createRerun(trialId: string, creation?: Creation): Promise<CreatedRerun | null>;
  /**
   * Cancels an open rerun or model. Its holder learns of it at its next renewal.
   * @returns false when there is none, or it has ended; trials that a search consists of end with their search alone.
   */
  cancelTrial(trialId: string): Promise<boolean>;
}

export interface CreatedRerun {
  readonly job: TrialJob;
  readonly createdAt: string;
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
