import { pageOf, searchViewSchema } from '@compound-search/contracts';
import type { SearchStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { answerIfChanged, conditionalNote, type KeptAnswers } from '../conditional.ts';
import { idParamsSchema, pageQuerySchema } from '../requests.ts';
import { problems, success } from '../responses.ts';

interface SearchRouteOptions {
  readonly store: Pick<SearchStore, 'getSearch' | 'getRevision' | 'listSearches'>;
  readonly kept: KeptAnswers;
}

/** Listing and watching searches. */
export const searchRoutes: FastifyPluginCallbackZod<SearchRouteOptions> = (app, { store, kept }, done) => {
  app.get(
    '/searches',
    {
      schema: {
        operationId: 'listSearches',
        summary: 'List searches, newest first',
        tags: ['searches'],
        querystring: pageQuerySchema,
        response: {
          200: success('A page of searches.', pageOf(searchViewSchema)),
          ...problems('VALIDATION_FAILED', 'DEPENDENCY_UNAVAILABLE'),
        },
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
        description: conditionalNote,
        tags: ['searches'],
        params: idParamsSchema,
        response: {
          200: success('The search.', searchViewSchema),
          ...problems('NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    (request, reply) => {
      const searchId = request.params.id;
      return answerIfChanged({ request, reply, store, kept, searchId, read: () => store.getSearch(searchId) });
    },
  );
  done();
};
