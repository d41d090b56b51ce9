import type { LeaderboardRow, SearchView, TrialView } from '@compound-search/contracts';

import { formatEstimate, formatPercent, formatSeconds } from '../formatting/numbers.ts';
import { formatPoint } from '../views/leaderboard-table.ts';
import { endedTrials } from '../views/search-table.ts';

/** What is known of a running search. */
export interface ProgressState {
  readonly search: SearchView;
  /** The leader so far; undefined before the first trial has ended. */
  readonly best: LeaderboardRow | undefined;
}

/** How far a search is, as the parts of one line: share done, trials, time left, best so far. */
export function progressParts({ search, best }: ProgressState): string[] {
  return [formatPercent(search.progress.fraction, 0).padStart(5), trials(search), timeLeft(search), leader(best)];
}

/** How far a trial is, as the parts of one line: share done, state, steps. */
export function trialProgressParts({ state, step, steps, attempt }: TrialView): string[] {
  return [
    formatPercent(steps === null ? 0 : step / steps, 0).padStart(5),
    attempt === 1 ? state : `${state}, attempt ${attempt}`,
    steps === null ? 'not started yet' : `step ${step}/${steps}`,
  ];
}

function trials(search: SearchView): string {
  const { state, trials, testTrials } = search;
  const failed = trials.failed + testTrials.failed;
  const failures = failed === 0 ? '' : `, ${failed} failed`;
  const held = state === 'paused' || state === 'stopping' ? `, ${state}` : '';
  return testTrials.queued + testTrials.running > 0 || state === 'testing'
    ? `testing the winner ${endedTrials(testTrials)}/${testTrials.total}${failures}${held}`
    : `${roundOf(search)}trials ${endedTrials(trials)}/${trials.total}${failures}${held}`;
}

/** Of a search that decides on the way: the trials that it counts are those that have been assigned so far. */
function roundOf({ request, round }: SearchView): string {
  return request.strategy.kind === 'full' ? '' : `round ${round}, `;
}

function timeLeft({ progress }: SearchView): string {
  return progress.secondsLeft === null ? 'time left unknown' : `${formatSeconds(progress.secondsLeft)} left`;
}

function leader(best: LeaderboardRow | undefined): string {
  const [point] = best?.points ?? [];
  if (!best?.validationAccuracy || point === undefined) return 'no result yet';
  return `best ${formatEstimate(best.validationAccuracy)} at ${formatPoint(point)}`;
}
