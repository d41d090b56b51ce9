/** What earlier searches say about one that is being planned. */
export interface HistoryStore {
  /** The completed ranking trials that were created last, as many as {@link recentTrials}, on a kind of device. */
  recentTrainings(device: string): Promise<RecentTraining[]>;
  /** Accuracies of the completed searches, at most {@link recentSearches}, of a baseline's name, a data set and a split. */
  earlierScores(of: {
    readonly baseline: string;
    readonly dataset: string;
    readonly split: object;
  }): Promise<EarlierScores[]>;
}

/** One undisturbed training. */
export interface RecentTraining {
  /** Multiply-adds of a forward pass times the training images that passed. */
  readonly macsTimesImages: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** The candidates of one search: validation accuracies by seed. */
export interface EarlierScores {
  readonly searchId: string;
  readonly candidates: readonly ReadonlyMap<number, number>[];
}

/** Enough for a steady estimate of speed, and few enough to follow a change of machines. */
export const recentTrials = 200;
export const recentSearches = 10;
