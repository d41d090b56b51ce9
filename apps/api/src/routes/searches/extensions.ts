import { extensionRequestSchema, searchViewSchema } from '@compound-search/contracts';
import { createOnce, extendSearch, type SearchExtension } from '@compound-search/search';
import type { CreationStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { creationOf, idempotencyHeadersSchema } from '../idempotency.ts';
import { found, idParamsSchema } from '../requests.ts';
import { problems, searchRequestProblems, success } from '../responses.ts';

interface ExtensionRouteOptions extends Omit<SearchExtension, 'log'> {
  readonly store: SearchExtension['store'] & CreationStore;
}

/** Adding to a search that has ended: a search of its own, which repeats no trial that is equal. */
export const extensionRoute: FastifyPluginCallbackZod<ExtensionRouteOptions> = (app, options, done) => {
  app.post(
    '/searches/:id/extensions',
    {
      schema: {
        operationId: 'extendSearch',
        summary: 'Start a search that goes on from one that has ended',
        description:
          'With more seeds, another grid or constraint, or other epochs. Ranking trials that are equal to some of earlier ' +
          'searches are taken over and not trained. A training of other epochs is another training, so that those are ' +
          'trained from their start.',
        tags: ['searches'],
        params: idParamsSchema,
        headers: idempotencyHeadersSchema,
        body: extensionRequestSchema,
        response: {
          202: success('The new search, stored and queued.', searchViewSchema),
          ...problems(
            ...searchRequestProblems,
            'DATASET_NOT_READY',
            'NOT_FOUND',
            'SEARCH_NOT_ENDED',
            'IDEMPOTENCY_KEY_REUSED',
          ),
        },
      },
    },
    async (request, reply) => {
      const searchId = request.params.id;
      const search = await createOnce(options.store, creationOf(request), {
        create: async (creation) => {
          const extension = await extendSearch({ ...options, creation, log: request.log }, searchId, request.body);
          return found(extension, 'search', searchId);
        },
        read: async (id) => found(await options.store.getSearch(id), 'search', id),
      });
      return reply.code(202).header('location', `/v1/searches/${search.id}`).send(search);
    },
  );
  done();
};
