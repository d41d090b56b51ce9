import {
  endedSearchStates,
  type SearchState,
  type SearchView,
  type TrialCounts,
  type TrialPurpose,
  type TrialState,
} from '@compound-search/contracts';

/** How many trials of one purpose are in one state. */
export interface TrialTally {
  readonly purpose: TrialPurpose;
  readonly state: TrialState;
  readonly trials: number;
  /** Seconds that the ended ones have run. */
  readonly seconds: number;
}

/** What is under way at this moment: the only part of a search's progress that has to be read from its trials. */
export interface RunningTrials {
  /** Sum over the running trials of the share of its steps that each has done. */
  readonly done: number;
  /** Seconds that they have run so far. */
  readonly seconds: number;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function countTrials(tallies: readonly TrialTally[], purpose: TrialPurpose): TrialCounts {
  const count = (state?: TrialState): number =>
    sum(
      tallies
        .filter((tally) => tally.purpose === purpose && (state === undefined || tally.state === state))
        .map(({ trials }) => trials),
    );
  return {
    total: count(),
    queued: count('queued'),
    running: count('running'),
    completed: count('completed'),
    failed: count('failed'),
    cancelled: count('cancelled'),
  };
}

function isEnded(state: SearchState): boolean {
  return (endedSearchStates as readonly SearchState[]).includes(state);
}

/**
 * The fraction counts trials: all of one that completed or failed, and of one that runs the share of its own steps that
 * it has done, since a recipe may give every network another number of steps. The winner's test trials, one per seed,
 * are counted before they exist, so that the bar does not jump back when they are added.
 *
 * The time left takes the mean seconds per trial of all attempts so far (start-up included) and as many running at once
 * as do now. A pause of the service therefore does not spoil it.
 */
export function progressOf(
  tallies: readonly TrialTally[],
  running: RunningTrials,
  search: { readonly state: SearchState; readonly seeds: number },
): SearchView['progress'] {
  if (isEnded(search.state) && search.state !== 'cancelled') return { fraction: 1, secondsLeft: 0 };
  const trials = (states: readonly TrialState[]): number =>
    sum(tallies.filter(({ state }) => states.includes(state)).map((tally) => tally.trials));
  const testTrials = Math.max(search.seeds, countTrials(tallies, 'test').total);
  const total = countTrials(tallies, 'ranking').total + testTrials;
  const done = Math.min(total, trials(['completed', 'failed']) + running.done);
  const fraction = done / total;
  if (isEnded(search.state)) return { fraction, secondsLeft: 0 };
  const seconds = sum(tallies.map((tally) => tally.seconds)) + running.seconds;
  const secondsLeft = done === 0 ? null : ((total - done) * seconds) / done / Math.max(1, trials(['running']));
  return { fraction, secondsLeft };
}
