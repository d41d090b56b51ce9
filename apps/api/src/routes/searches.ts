import {
  CompoundSearchError,
  endedSearchStates,
  pageOf,
  type SearchView,
  searchViewSchema,
} from '@compound-search/contracts';
import type { SearchStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { found, idParamsSchema, pageQuerySchema } from './requests.ts';
import { problems } from './responses.ts';

interface SearchRouteOptions {
  readonly store: Pick<SearchStore, 'getSearch' | 'listSearches' | 'cancelSearch'>;
}

const ended: ReadonlySet<string> = new Set(endedSearchStates);

const refuseEnded = (search: SearchView): void => {
  if (!ended.has(search.state)) return;
  throw new CompoundSearchError('SEARCH_ENDED', `Search ${search.id} has already ended as ${search.state}`, {
    field: 'state',
    value: search.state,
    remedy: 'Nothing needs to be cancelled; its results stay.',
  });
};

/** Listing, watching and cancelling searches. */
export const searchRoutes: FastifyPluginCallbackZod<SearchRouteOptions> = (app, { store }, done) => {
  app.get(
    '/searches',
    {
      schema: {
        operationId: 'listSearches',
        summary: 'List searches, newest first',
        tags: ['searches'],
        querystring: pageQuerySchema,
        response: { 200: pageOf(searchViewSchema), ...problems('VALIDATION_FAILED', 'DEPENDENCY_UNAVAILABLE') },
      },
    },
    (request) => store.listSearches(request.query),
  );

  app.get(
    '/searches/:id',
    {
      schema: {
        operationId: 'getSearch',
        summary: 'State, counts and progress of a search',
        tags: ['searches'],
        params: idParamsSchema,
        response: { 200: searchViewSchema, ...problems('NOT_FOUND', 'DEPENDENCY_UNAVAILABLE') },
      },
    },
    async ({ params: { id } }) => found(await store.getSearch(id), 'search', id),
  );

  app.post(
    '/searches/:id/cancel',
    {
      schema: {
        operationId: 'cancelSearch',
        summary: 'Cancel a search and its open trials',
        tags: ['searches'],
        params: idParamsSchema,
        response: { 200: searchViewSchema, ...problems('NOT_FOUND', 'SEARCH_ENDED', 'DEPENDENCY_UNAVAILABLE') },
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
