import type { CompoundSearchError } from '@compound-search/contracts';

/** Something that is kept alive: it can be started again after it has ended. */
export interface Supervised<Ready> {
  /** As a person calls it. */
  readonly name: string;
  /** How a sentence about it begins, as `The API` or `PostgreSQL`. */
  readonly subject: string;
  readonly start: () => Run<Ready>;
  /** What its user is told where so many starts in a row have failed, the last in this way. */
  readonly failure: (how: string, failedStarts: number) => CompoundSearchError;
}

/** One run of it. */
export interface Run<Ready> {
  /** Undefined where it has no process yet. */
  readonly pid: number | undefined;
  /** Resolves when it can do its work; never where it ends before that, and never rejects. */
  readonly ready: Promise<Ready>;
  /** Resolves with how it ended; never rejects. */
  readonly ended: Promise<string>;
  /** Ends it in order, and by force where it has not ended by then. Resolves when it has ended. */
  readonly stop: (graceMilliseconds: number) => Promise<void>;
  /** Ends it at once, where that costs nothing but its own work. */
  readonly kill: () => void;
}
