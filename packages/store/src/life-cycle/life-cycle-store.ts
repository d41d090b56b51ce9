import type { SearchPhase, SearchView, TrialJob } from '@compound-search/contracts';

/**
 * What people can do to a search. Each verb does what the table `verbOutcomes` of contracts says for the phase that it finds
 * the search in, and where it is refused nothing: the caller sees that by the phase. All of them may be repeated.
 */
export interface LifeCycleStore {
  /** No queued trial of the search is taken by a worker until it is resumed; its running ones go on. */
  pauseSearch(searchId: string): Promise<FoundSearch | null>;
  resumeSearch(searchId: string): Promise<FoundSearch | null>;
  /**
   * Cancels the queued trials that the search consists of. Whoever advances searches ends it when the running ones have ended.
   * Repeated, it cancels what has come back to the queue since then.
   */
  stopSearch(searchId: string): Promise<FoundSearch | null>;
  /**
   * Cancels a search and all its open trials, reruns and models too. Holders of running trials learn of it at their next renewal.
   */
  cancelSearch(searchId: string): Promise<FoundSearch | null>;
  /**
   * Queues the failed trials again: the ranking trials, or the tests where the winner is being tested. A search that has
   * ended runs again, and has no answer and no winner until it ends once more.
   */
  retryFailed(searchId: string): Promise<FoundSearch | null>;
  /** Removes a search that has ended with all that is stored of it. Holders of its trials learn of it at their next renewal. */
  deleteSearch(searchId: string): Promise<SearchPhase | 'deleted' | null>;
  /** Forgets what has been deleted so long ago that nobody asks for it any more. */
  forgetDeleted(): Promise<void>;
}

/** A search that a verb has found; a store answers null where there is none. */
export interface FoundSearch {
  /** As the verb found it. */
  readonly before: SearchPhase;
  /** As it is now. */
  readonly search: SearchView;
  /** Trials that workers may take since then: jobs to put on the queue. */
  readonly trials: TrialJob[];
}
