import type { SearchStore } from '@compound-search/store';

import { advanceSearch, type SearchAdvance } from './advance-search.ts';
import { refillQueue, type Requeueing, requeueLostTrials } from './requeue-lost.ts';

/** What one pass needs of the record, the queue and its surroundings. */
export type Reconciliation = SearchAdvance & Requeueing & { readonly store: Pick<SearchStore, 'searchesToAdvance'> };

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
      await attempt(() => advanceSearch(search, reconciliation));
    }
  });
  await attempt(() => refillQueue(reconciliation));
  if (errors.length > 0) throw new AggregateError(errors, 'Steps of the reconciliation failed');
}
