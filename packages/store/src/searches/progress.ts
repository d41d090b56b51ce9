import {
  isEndedSearchState,
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
    paused: count('paused'),
  };
}

/** The paused ranking trials of a search, which are counted in the search itself. */
export function pausedTally(search: { readonly paused: number; readonly pausedSeconds: number }): TrialTally {
  return { purpose: 'ranking', state: 'paused', trials: search.paused, seconds: search.pausedSeconds };
}

/** What the progress of a search depends on beside its trials. */
export interface SearchExtent {
  readonly state: SearchState;
  /** What there may be of ranking trials where more are still to be decided on; 0 where all are there. */
  readonly mostRankingTrials: number;
  /** The most that the winner will be tested with. */
  readonly testTrials: number;
}

/** They show how far they have come. */
const endedByRequest: ReadonlySet<SearchState> = new Set<SearchState>(['stopped', 'cancelled']);

/** Nobody knows when these go on, or how much of what is queued they still do. */
const heldBack: ReadonlySet<SearchState> = new Set<SearchState>(['paused', 'stopping']);

/**
 * The fraction counts trials: all of one that completed, failed or paused, and of one that runs the share of its own
 * steps that it has done, since a recipe may give every network another number of steps. The winner's test trials are
 * counted before they exist, so that the bar does not jump back when they are added. While decisions are to come, the
 * most trials that they may assign count; where they assign less the bar jumps ahead, and no time left can be told.
 *
 * The time left takes the mean seconds per trial of all attempts so far (start-up included) and as many running at once
 * as do now. A pause of the service therefore does not spoil it.
 */
export function progressOf(
  tallies: readonly TrialTally[],
  running: RunningTrials,
  search: SearchExtent,
): SearchView['progress'] {
  if (isEndedSearchState(search.state) && !endedByRequest.has(search.state)) return { fraction: 1, secondsLeft: 0 };
  const trials = (states: readonly TrialState[]): number =>
    sum(tallies.filter(({ state }) => states.includes(state)).map((tally) => tally.trials));
  const testTrials = Math.max(search.testTrials, countTrials(tallies, 'test').total);
  const rankingTrials = Math.max(search.mostRankingTrials, countTrials(tallies, 'ranking').total);
  const total = rankingTrials + testTrials;
  const done = Math.min(total, trials(['completed', 'failed', 'paused']) + running.done);
  const fraction = done / total;
  if (isEndedSearchState(search.state)) return { fraction, secondsLeft: 0 };
  if (search.mostRankingTrials > 0 || heldBack.has(search.state)) return { fraction, secondsLeft: null };
  const seconds = sum(tallies.map((tally) => tally.seconds)) + running.seconds;
  const secondsLeft = done === 0 ? null : ((total - done) * seconds) / done / Math.max(1, trials(['running']));
  return { fraction, secondsLeft };
}
