import type { SearchState, SearchView, StopReason, TrialState } from '@compound-search/contracts';
import { ApiError } from '@compound-search/sdk';

import { counted, formatSeconds } from './numbers.ts';

/** States as people say them. */
export const stateWords: Readonly<Record<SearchState | TrialState, string>> = {
  running: 'running',
  testing: 'testing the winner',
  paused: 'paused',
  stopping: 'stopping',
  completed: 'completed',
  completed_with_failures: 'completed with failures',
  stopped: 'stopped',
  failed: 'failed',
  cancelled: 'cancelled',
  queued: 'queued',
};

const stopWords: Readonly<Record<StopReason, string>> = {
  confidence: 'the leader is the best with the probability that was asked for',
  indifference: 'the leader is as good as the best with the probability that was asked for',
  budget: 'the budget is spent',
  exhausted: 'all that may be trained has been trained',
};

/** What a search does now, or how it ended, in a sentence. */
export function describeState(search: SearchView): string {
  const { state, stop, trials, progress } = search;
  const left = progress.secondsLeft === null ? '' : ` About ${formatSeconds(progress.secondsLeft)} left.`;
  const because = stop === null ? '' : `: ${stopWords[stop]}`;
  const sentences: Readonly<Record<SearchState, string>> = {
    running: isWaiting(search)
      ? 'It waits for results of trainings elsewhere.'
      : trials.completed === 0
        ? `The first trials are being trained; there is no result yet.${left}`
        : `Candidates are being trained and compared.${left || ' How long it takes depends on the results.'}`,
    testing: `The ranking has ended${because}. The winner is tested on images that decided nothing.${left}`,
    paused: 'Paused: running trials finish, and none starts until somebody resumes the search.',
    stopping: 'Stopping: running trials finish, then the search ends with the answer that it has.',
    completed: `Completed${because}.`,
    completed_with_failures: `Completed${because}; ${counted(trials.failed, 'trial')} failed.`,
    stopped: 'Stopped by somebody: the answer is what had been found by then.',
    failed: 'Failed: no trial came to a result. The trials below say why.',
    cancelled: 'Cancelled by somebody; what had been trained by then is shown.',
  };
  return sentences[state];
}

/** Whether others train for it: nobody knows when they will have done so. */
export function isWaiting({ request }: Pick<SearchView, 'request'>): boolean {
  return request.trainings === 'external';
}

/** An error with what to do about it. */
export function describeError(error: unknown): { readonly title: string; readonly remedy: string } {
  if (error instanceof ApiError) return { title: error.message, remedy: error.remedy ?? '' };
  if (error instanceof Error) {
    const remedy = 'remedy' in error && typeof error.remedy === 'string' ? error.remedy : '';
    return { title: error.message, remedy };
  }
  return { title: String(error), remedy: '' };
}

/** The code of a refusal; undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof ApiError ? error.code : undefined;
}
