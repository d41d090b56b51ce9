import type { Blame, Strategy } from '@compound-search/contracts';

/** What a search asks for. */
export interface AllocationRequest {
  readonly strategy: Strategy;
  /** In the order in which a candidate gets them: its n-th training has the n-th seed, which makes candidates comparable. */
  readonly seeds: readonly number[];
  /** Of the whole recipe. */
  readonly epochs: number;
  /** Images that pass in one epoch. */
  readonly trainImages: number;
  /** In the order of the plan; never empty. `macs` are multiply-adds of one forward pass. */
  readonly candidates: readonly AllocationCandidate[];
}

export interface AllocationCandidate {
  readonly fingerprint: string;
  readonly macs: number;
}

/** What became of an assigned training. */
export type Outcome =
  | { readonly state: 'open' }
  /**
   * It has reached the epochs that it was assigned. `value` is what candidates are ranked by, of which more is better: one
   * that is not finite counts as a failed training. `seconds` are those that it took from its first epoch on, at all rungs
   * together.
   */
  | { readonly state: 'reached'; readonly value: number; readonly seconds: number }
  | { readonly state: 'failed'; readonly failedBy: Blame };

/** An assignment of an earlier round with what became of it. A promoted training stands here once for each rung. */
export interface AssignedTraining {
  readonly round: number;
  readonly fingerprint: string;
  readonly seed: number;
  /** Epochs that it was assigned; null for the whole recipe. */
  readonly epochs: number | null;
  readonly outcome: Outcome;
}
