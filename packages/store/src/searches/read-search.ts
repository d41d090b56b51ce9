import type { SearchView } from '@compound-search/contracts';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { toSearchView, withCandidateCount } from './search-rows.ts';
import { readTallies } from './search-tallies.ts';

/** A search as people see it; null where there is none. */
export async function readSearch(database: Database, searchId: string): Promise<SearchView | null> {
  if (!isUuid(searchId)) return null;
  const row = await database.run((client) =>
    client.search.findUnique({ where: { id: searchId }, include: withCandidateCount }),
  );
  return row === null ? null : toSearchView(row, (await readTallies(database, [searchId])).get(searchId));
}
