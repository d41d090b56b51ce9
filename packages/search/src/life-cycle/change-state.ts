import {
  CompoundSearchError,
  type SearchPhase,
  type SearchVerb,
  type SearchView,
  stateOf,
  verbOutcomes,
  type VerbRefusal,
} from '@compound-search/contracts';
import type { TrialQueue } from '@compound-search/queue';
import type { LifeCycleStore } from '@compound-search/store';

import type { Log } from '../log.ts';
import { enqueueTrials } from '../start/enqueue-trials.ts';

/** What changing the state of a search needs of its surroundings. */
export interface StateChange {
  readonly store: LifeCycleStore;
  readonly queue: Pick<TrialQueue, 'add'>;
  readonly log: Pick<Log, 'warn'>;
}

/** The verbs after which there is still a search. */
export type StateVerb = Exclude<SearchVerb, 'delete'>;

const methods = {
  pause: 'pauseSearch',
  resume: 'resumeSearch',
  stop: 'stopSearch',
  cancel: 'cancelSearch',
  'retry-failed': 'retryFailed',
} as const satisfies Record<StateVerb, keyof LifeCycleStore>;

/**
 * Does to a search what a verb says. The same again changes nothing.
 *
 * @returns the search as it is now; null where there is none.
 * @throws CompoundSearchError SEARCH_ENDED, SEARCH_STOPPING or NO_FAILED_TRIALS where the verb makes no sense in its state.
 */
export async function changeState(
  { store, queue, log }: StateChange,
  searchId: string,
  verb: StateVerb,
): Promise<SearchView | null> {
  const found = await store[methods[verb]](searchId);
  if (found === null) return null;
  const { before, search, trials } = found;
  requireSense(searchId, before, verb);
  await enqueueTrials(queue, trials, log);
  return search;
}

/**
 * Deletes a search that has ended, with all that is stored of it. The same again changes nothing.
 *
 * @returns false where there is, and was lately, no such search.
 * @throws CompoundSearchError SEARCH_NOT_ENDED
 */
export async function deleteSearch(store: Pick<LifeCycleStore, 'deleteSearch'>, searchId: string): Promise<boolean> {
  const before = await store.deleteSearch(searchId);
  if (before !== null && before !== 'deleted') requireSense(searchId, before, 'delete');
  return before !== null;
}

const refusals: Readonly<
  Record<VerbRefusal, (searchId: string, phase: SearchPhase) => [message: string, remedy: string]>
> = {
  SEARCH_ENDED: (id, phase) => [
    `Search ${id} has already ended as ${phase}`,
    `Its results stay. POST /v1/searches/${id}/extensions goes on from it.`,
  ],
  SEARCH_NOT_ENDED: (id, phase) => [
    `Search ${id} has not ended: it is ${phase}`,
    `POST /v1/searches/${id}/cancel or /stop ends it; delete it then.`,
  ],
  SEARCH_STOPPING: (id) => [
    `Search ${id} ends when its running trials have ended`,
    `Wait for its end; POST /v1/searches/${id}/extensions goes on from it then, and /cancel ends it at once.`,
  ],
  NO_FAILED_TRIALS: (id) => [
    `No trial of search ${id} has failed`,
    `Nothing needs to be retried. POST /v1/searches/${id}/extensions adds seeds or points.`,
  ],
};

function requireSense(searchId: string, before: SearchPhase, verb: SearchVerb): void {
  const outcome = verbOutcomes[before][verb];
  if (!isRefusal(outcome)) return;
  const [message, remedy] = refusals[outcome](searchId, before);
  throw new CompoundSearchError(outcome, message, { field: 'state', value: stateOf(before), remedy });
}

function isRefusal(outcome: string): outcome is VerbRefusal {
  return outcome in refusals;
}
