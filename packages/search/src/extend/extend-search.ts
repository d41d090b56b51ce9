import {
  CompoundSearchError,
  type ExtensionRequest,
  isEndedSearchState,
  type SearchView,
} from '@compound-search/contracts';
import type { SearchStore } from '@compound-search/store';

import { type SearchStart, startSearch } from '../start/start-search.ts';
import { extendRequest, extensionNotes } from './extension.ts';

/** What extending a search needs of its surroundings. */
export interface SearchExtension extends SearchStart {
  readonly store: SearchStart['store'] & Pick<SearchStore, 'getSearch'>;
}

/**
 * Starts a search that goes on from one that has ended: the same but for what is added. It ranks anew, and takes over the
 * trials that are equal.
 *
 * @returns the new search as it was stored; null where there is none to extend.
 * @throws CompoundSearchError SEARCH_NOT_ENDED, VALIDATION_FAILED where nothing is added, and what startSearch throws.
 */
export async function extendSearch(
  extension: SearchExtension,
  searchId: string,
  request: ExtensionRequest,
): Promise<SearchView | null> {
  const before = await extension.store.getSearch(searchId);
  if (before === null) return null;
  requireEnded(before);
  const extended = extendRequest(before.request, request);
  return startSearch(extension, extended, {
    extends: searchId,
    notes: extensionNotes(searchId, before.request, request),
  });
}

/** Trials that still run cannot be taken over: they would be trained twice. */
function requireEnded({ id, state }: Pick<SearchView, 'id' | 'state'>): void {
  if (isEndedSearchState(state)) return;
  throw new CompoundSearchError('SEARCH_NOT_ENDED', `Search ${id} has not ended yet`, {
    field: 'state',
    value: state,
    remedy: `Ask again when GET /v1/searches/${id} shows that it has ended, or cancel it.`,
  });
}
