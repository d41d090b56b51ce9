import { CompoundSearchError, endedSearchStates, type SearchView, searchViewSchema } from '@compound-search/contracts';
import type { SearchStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { found, idParamsSchema } from '../requests.ts';
import { problems, success } from '../responses.ts';

interface CancelSearchOptions {
  readonly store: Pick<SearchStore, 'getSearch' | 'cancelSearch'>;
}

const ended: ReadonlySet<string> = new Set(endedSearchStates);

function refuseEnded(search: SearchView): void {
  if (!ended.has(search.state)) return;
  throw new CompoundSearchError('SEARCH_ENDED', `Search ${search.id} has already ended as ${search.state}`, {
    field: 'state',
    value: search.state,
    remedy: 'Nothing needs to be cancelled; its results stay.',
  });
}

/** Cancelling a search: its queued trials end at once, its running ones at their next renewal. */
export const cancelSearchRoute: FastifyPluginCallbackZod<CancelSearchOptions> = (app, { store }, done) => {
  app.post(
    '/searches/:id/cancel',
    {
      schema: {
        operationId: 'cancelSearch',
        summary: 'Cancel a search and its open trials',
        tags: ['searches'],
        params: idParamsSchema,
        response: {
          200: success('The search, cancelled.', searchViewSchema),
          ...problems('NOT_FOUND', 'SEARCH_ENDED', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ params: { id } }) => {
      refuseEnded(found(await store.getSearch(id), 'search', id));
      const search = found(await store.cancelSearch(id), 'search', id);
      // It may have ended by itself in between.
      if (search.state !== 'cancelled') refuseEnded(search);
      return search;
    },
  );
  done();
};
