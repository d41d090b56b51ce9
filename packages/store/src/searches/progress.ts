import {
  endedSearchStates,
  type SearchState,
  type SearchView,
  type TrialCounts,
  type TrialPurpose,
  type TrialState,
} from '@compound-search/contracts';

/** What the trials of one purpose in one state add up to. */
export interface TrialTally {
  readonly purpose: TrialPurpose;
  readonly state: TrialState;
  readonly trials: number;
  /** Steps done by the current or last attempts. */
  readonly step: number;
  /** Steps of one trial, the same for all trials of a search; null before the first has started. */
  readonly steps: number | null;
  /** Seconds that these attempts have run. */
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
 * The fraction counts steps: all of a trial that completed or failed, those done of one that runs. The winner's test
 * trials, one per seed, are counted before they exist, so that the bar does not jump back when they are added.
 *
 * The time left takes the mean speed of all attempts so far (steps per second of running, start-up included) and as
 * many running at once as do now. A pause of the service therefore does not spoil it.
 */
export function progressOf(
  tallies: readonly TrialTally[],
  search: { readonly state: SearchState; readonly seeds: number },
): SearchView['progress'] {
  if (isEnded(search.state) && search.state !== 'cancelled') return { fraction: 1, secondsLeft: 0 };
  const steps = Math.max(1, ...tallies.map((tally) => tally.steps ?? 0));
  const trials = (states: readonly TrialState[]): number =>
    sum(tallies.filter(({ state }) => states.includes(state)).map((tally) => tally.trials));
  const testTrials = Math.max(search.seeds, countTrials(tallies, 'test').total);
  const total = (countTrials(tallies, 'ranking').total + testTrials) * steps;
  const underWay = sum(tallies.filter(({ state }) => state === 'running').map(({ step }) => step));
  const done = Math.min(total, trials(['completed', 'failed']) * steps + underWay);
  const fraction = done / total;
  if (isEnded(search.state)) return { fraction, secondsLeft: 0 };
  const stepsRun = sum(tallies.map(({ step }) => step));
  const secondsRun = sum(tallies.map(({ seconds }) => seconds));
  const secondsLeft =
    stepsRun === 0 ? null : ((total - done) * secondsRun) / stepsRun / Math.max(1, trials(['running']));
  return { fraction, secondsLeft };
}
