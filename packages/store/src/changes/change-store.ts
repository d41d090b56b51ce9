import type { SearchStatus, TrialStatus } from '@compound-search/contracts';

/**
 * What has changed, for whoever follows searches. Delivery is of states: a change is told by the state that it led to, and
 * again where nobody knows whether it was told before.
 */
export interface ChangeStore {
  /**
   * What has changed since a cursor, without what is still being changed: that comes with a later cursor, however long its
   * transaction takes.
   */
  changesSince(request: ChangeRequest): Promise<Changes>;
  /** The searches with these identifiers, as far as they are there and this version can read them. */
  searchStatuses(searchIds: readonly string[]): Promise<SearchStatus[]>;
  /** The same of trials. */
  trialStatuses(trialIds: readonly string[]): Promise<TrialStatus[]>;
  /**
   * Listens on a connection of its own, which is made anew whenever it is lost. It connects in the background.
   * @returns what ends it.
   */
  listenForChanges(listener: ChangeListener): ChangeSubscription;
}

export interface ChangeRequest {
  /** Undefined for the cursor of now. */
  readonly since?: bigint | undefined;
  /** Of this search only. */
  readonly searchId?: string | undefined;
  /** More changes than these are not told one by one. */
  readonly most: number;
}

export interface Changes {
  /** Where to go on. Some of what is told here may be told again from there. */
  readonly cursor: bigint;
  /** Null where there are too many, and where the cursor is none that this database has given. */
  readonly changes: readonly Change[] | null;
}

/** One thing that has changed. The `id` of a trial is its own, and that of anything else is that of the search. */
export interface Change {
  readonly kind: (typeof changeKinds)[number];
  readonly id: string;
  readonly searchId: string;
  /** Two changes of one thing have different ones. */
  readonly transaction: bigint;
}

export const changeKinds = ['search', 'trial', 'leaderboard', 'deleted'] as const;

export interface ChangeListener {
  /** A search may have changed; undefined for any of them, since nobody was listening for a while. */
  readonly onChange: (searchId: string | undefined) => void;
  /** The connection was lost, or could not be made. */
  readonly onLost: (error: unknown) => void;
}

export interface ChangeSubscription {
  close(): Promise<void>;
}
