import type { SearchState, TrialPurpose, TrialState } from '@compound-search/contracts';

/** What the whole record adds up to. */
export interface StatisticsStore {
  /** Reads the tallies in three statements. What they read grows with the searches, and not with the trials. */
  readStatistics(): Promise<Statistics>;
}

/** What is in no state is left out. */
export interface Statistics {
  readonly searches: readonly { readonly state: SearchState; readonly searches: number }[];
  /** Of the trials that searches consist of, which are tallied; reruns and models are not. */
  readonly trials: readonly { readonly purpose: TrialPurpose; readonly state: TrialState; readonly trials: number }[];
  /**
   * Seconds that the longest waiting of those trials has been queued that come next in a search which may go on; 0 where
   * none is. Another that a search has behind these may have waited longer.
   */
  readonly queueWaitSeconds: number;
}
