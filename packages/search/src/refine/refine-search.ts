import { CompoundSearchError, type SearchRequest } from '@compound-search/contracts';
import { refineGrid } from '@compound-search/grid';
import type { SearchStore } from '@compound-search/store';

import { requireWinner } from '../answer/coefficients.ts';
import { rankResults } from '../answer/rank-results.ts';

/**
 * The request of a second, finer search around the networks of a search that cannot be told from its winner: half the
 * step, and everything else as it was, so that what both have in common need not be trained again. Null where there is no
 * such search.
 *
 * @throws CompoundSearchError COEFFICIENTS_NOT_READY while trials are ranked, NO_WINNER where none came out of them,
 * SEARCH_WITHOUT_GRID for a search over a list of points.
 */
export async function refineSearch(
  store: Pick<SearchStore, 'getResults' | 'getDefinition' | 'getCandidates'>,
  searchId: string,
): Promise<SearchRequest | null> {
  const [results, definition] = await Promise.all([store.getResults(searchId), store.getDefinition(searchId)]);
  if (results === null || definition === null) return null;
  const { fingerprint: best } = requireWinner(results);
  const leading = new Set(
    rankResults(results)
      .rows.filter(({ tied, fingerprint }) => tied || fingerprint === best)
      .map(({ fingerprint }) => fingerprint),
  );
  const identifiers = results.candidates.flatMap(({ candidateId, fingerprint }) =>
    leading.has(fingerprint) ? [candidateId] : [],
  );
  const candidates = await store.getCandidates(identifiers);
  const points = [...candidates.values()].flatMap((candidate) => candidate.points);
  const { request } = definition;
  const { grid } = request;
  if (grid === undefined) throw nothingToRefine(searchId);
  return { ...request, grid: { ...refineGrid(grid, points), minimum: grid.minimum } };
}

function nothingToRefine(searchId: string): CompoundSearchError {
  return new CompoundSearchError(
    'SEARCH_WITHOUT_GRID',
    `Search ${searchId} is over a list of points, which has no steps`,
    {
      field: 'id',
      value: searchId,
      remedy: 'Refine a search over a grid.',
    },
  );
}
