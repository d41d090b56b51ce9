import { CompoundSearchError } from '@compound-search/contracts';
import type { SearchStore, SearchToAdvance } from '@compound-search/store';

import type { Log } from '../log.ts';
import { advanceSearch, type SearchAdvance } from './advance-search.ts';
import { refillQueue, type Requeueing, requeueLostTrials } from './requeue-lost.ts';

/** What one pass needs of the record, the queue and its surroundings. */
export type Reconciliation = SearchAdvance &
  Requeueing & {
    readonly store: Pick<SearchStore, 'searchesToAdvance'>;
    readonly log: Pick<Log, 'error'>;
    /** Searches whose record cannot be read: each is reported once and left alone. @defaultValue none yet */
    readonly unreadable?: Set<string>;
  };

/**
 * One pass over all that is under way: takes back trials whose worker died, moves searches on whose trials have ended,
 * and refills the queue from the record. A step that fails does not hold up the others.
 *
 * @throws AggregateError of all steps that failed.
 */
export async function reconcile(reconciliation: Reconciliation): Promise<void> {
  const errors: unknown[] = [];
  const attempt = async (step: () => Promise<void>): Promise<void> => {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  };
  await attempt(() => requeueLostTrials(reconciliation));
  await attempt(async () => {
    for (const search of await reconciliation.store.searchesToAdvance()) {
      // One search that cannot be moved must not hold up the others.
      await attempt(() => advanceReadable(search, reconciliation));
    }
  });
  await attempt(() => refillQueue(reconciliation));
  if (errors.length > 0) throw new AggregateError(errors, 'Steps of the reconciliation failed');
}

/** Moves a search on, unless its record cannot be read: that would be so at every pass, and make all others wait. */
async function advanceReadable(search: SearchToAdvance, reconciliation: Reconciliation): Promise<void> {
  const { unreadable = new Set(), log } = reconciliation;
  const { searchId } = search;
  if (unreadable.has(searchId)) return;
  try {
    await advanceSearch(search, reconciliation);
  } catch (error) {
    if (!(error instanceof CompoundSearchError) || error.code !== 'RECORD_UNREADABLE') throw error;
    unreadable.add(searchId);
    log.error({ searchId, err: error }, 'the record of a search cannot be read; the search is left alone');
  }
}
