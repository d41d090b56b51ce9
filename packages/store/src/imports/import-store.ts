import type { TrialFailure, TrialResult, UnassignedPolicy } from '@compound-search/contracts';

/** Results of trainings that ran elsewhere. */
export interface ImportStore {
  /**
   * Ends queued trials of a search with results from elsewhere, all of them in one statement or, where a single one is
   * refused, none.
   * @param unassigned whether results of trials that there are not (yet) are refused, or left out.
   * @returns what becomes of each result, in their order.
   */
  importResults(input: {
    readonly searchId: string;
    readonly results: readonly ImportedResult[];
    readonly unassigned: UnassignedPolicy;
  }): Promise<ImportVerdict[]>;
}

/** What a trial came to elsewhere, and which one: no two results are of the same trial. */
export interface ImportedResult {
  readonly candidateId: string;
  readonly purpose: 'ranking' | 'test';
  readonly seed: number;
  /** That the training took; null where that is not known. */
  readonly seconds: number | null;
  readonly outcome: { readonly result: TrialResult } | { readonly failure: TrialFailure };
}

/**
 * `imported`: the trial was queued, and ends with the result. `repeated`: it had ended with the same before, in all that the
 * result tells. `unassigned`: there is no such trial. `pauses`: it is to be trained up to a rung only. `other`: it has ended
 * otherwise. The rest are states in which a trial cannot take a result.
 */
export const importVerdicts = [
  'imported',
  'repeated',
  'unassigned',
  'pauses',
  'other',
  'running',
  'cancelled',
  'paused',
] as const;
export type ImportVerdict = (typeof importVerdicts)[number];
