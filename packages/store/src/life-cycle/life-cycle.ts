import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { readSearch } from '../searches/read-search.ts';
import { cancelSearch } from './cancel-search.ts';
import { deleteSearch, forgetDeleted } from './delete-search.ts';
import type { FoundSearch, LifeCycleStore } from './life-cycle-store.ts';
import { pauseSearch, resumeSearch } from './pause-search.ts';
import { retryFailed } from './retry-failed.ts';
import { stopSearch } from './stop-search.ts';
import { carryOut, type Verb } from './verb.ts';

/** What people can do to searches: that part of the store. */
export function createLifeCycleStore(database: Database): LifeCycleStore {
  const verb =
    (toVerb: (searchId: string) => Verb) =>
    async (searchId: string): Promise<FoundSearch | null> => {
      const result = isUuid(searchId) ? await carryOut(database, searchId, toVerb(searchId)) : null;
      // One that has been deleted in between is one that is not there.
      const search = result === null ? null : await readSearch(database, searchId);
      return result === null || search === null ? null : { ...result, search };
    };
  return {
    pauseSearch: verb(pauseSearch),
    resumeSearch: verb(resumeSearch),
    stopSearch: verb(stopSearch),
    cancelSearch: verb(cancelSearch),
    retryFailed: verb(retryFailed),
    deleteSearch: (searchId) => (isUuid(searchId) ? deleteSearch(database, searchId) : Promise.resolve(null)),
    forgetDeleted: () => forgetDeleted(database),
  };
}
