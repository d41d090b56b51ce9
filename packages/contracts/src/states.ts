/**
 * States of searches and trials, with the moves that are allowed. The store makes every move as one conditional update.
 *
 * A search runs its ranking trials, then tests the winner once on the test split, then has ended. A paused one starts no
 * trials until it is resumed; one that is stopping starts none and ends when its running trials have ended. One that has
 * ended with failures runs again when its failed trials are retried. What people may ask for in which state is in
 * life-cycle.ts.
 *
 * A trial that loses its process goes back from running to queued with the next attempt number. One that was assigned some
 * epochs pauses after them: it goes back to queued when a decision promotes it, and stays paused when none does. That has
 * nothing to do with a search that is paused.
 */
export const searchStates = [
  'running',
  'testing',
  'paused',
  'stopping',
  'completed',
  'completed_with_failures',
  'stopped',
  'failed',
  'cancelled',
] as const;
export type SearchState = (typeof searchStates)[number];

export const endedSearchStates = [
  'completed',
  'completed_with_failures',
  'stopped',
  'failed',
  'cancelled',
] as const satisfies readonly SearchState[];

/** Whether nothing more happens to a search in this state by itself. */
export function isEndedSearchState(state: SearchState): boolean {
  return (endedSearchStates as readonly SearchState[]).includes(state);
}

export const searchMoves = {
  running: ['testing', 'paused', 'stopping', 'failed', 'cancelled'],
  testing: ['paused', 'stopping', 'completed', 'completed_with_failures', 'cancelled'],
  paused: ['running', 'testing', 'stopping', 'cancelled'],
  stopping: ['stopped', 'cancelled'],
  completed: [],
  completed_with_failures: ['running'],
  stopped: [],
  failed: ['running'],
  cancelled: [],
} as const satisfies Record<SearchState, readonly SearchState[]>;

export const trialStates = ['queued', 'running', 'completed', 'failed', 'cancelled', 'paused'] as const;
export type TrialState = (typeof trialStates)[number];

export const endedTrialStates = ['completed', 'failed', 'cancelled'] as const satisfies readonly TrialState[];

export const trialMoves = {
  queued: ['running', 'failed', 'cancelled'],
  running: ['completed', 'failed', 'queued', 'cancelled', 'paused'],
  completed: [],
  /** Only when somebody asks for it. */
  failed: ['queued'],
  cancelled: [],
  paused: ['queued'],
} as const satisfies Record<TrialState, readonly TrialState[]>;

/**
 * `ranking` trials are scored on the validation split; the winner's `test` trials repeat its ranking trials and touch the
 * test split. A `rerun` repeats a completed trial, to compare both; a `model` trial trains a network that is given out.
 */
export const trialPurposes = ['ranking', 'test', 'rerun', 'model'] as const;
export type TrialPurpose = (typeof trialPurposes)[number];

/** The trials that a search consists of. The others are asked for one by one, and decide nothing about their search. */
export const searchTrialPurposes = ['ranking', 'test'] as const satisfies readonly TrialPurpose[];
