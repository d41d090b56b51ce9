import { searchViewSchema, transferRequestSchema, transferSchema } from '@compound-search/contracts';
import { createOnce, readTransfer, startTransfer } from '@compound-search/search';
import type { SearchStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { creationOf, idempotencyHeadersSchema } from '../idempotency.ts';
import { found, idParamsSchema } from '../requests.ts';
import { problems, searchRequestProblems, success } from '../responses.ts';
import type { StartSearchOptions } from './start-search.ts';

interface TransferOptions extends StartSearchOptions {
  readonly store: StartSearchOptions['store'] & Pick<SearchStore, 'getResults' | 'getDefinition' | 'getCandidates'>;
}

const transferProblems = [
  ...searchRequestProblems,
  'NOT_FOUND',
  'COEFFICIENTS_NOT_READY',
  'NO_WINNER',
  'TRANSFER_INVALID',
  'DATASET_NOT_READY',
  'IDEMPOTENCY_KEY_REUSED',
] as const;

/** Whether the best rows of a search still lead when they are scaled further. */
export const transferRoutes: FastifyPluginCallbackZod<TransferOptions> = (app, options, done) => {
  const { store } = options;
  app.post(
    '/searches/:id/transfer',
    {
      schema: {
        operationId: 'createTransfer',
        summary: 'Train the best rows of a search at another phi',
        description:
          'Starts a search of the points alpha^phi, beta^phi and gamma^phi of the best rows, with the same data, recipe ' +
          'and seeds; the Location header names it.',
        tags: ['searches'],
        params: idParamsSchema,
        headers: idempotencyHeadersSchema,
        body: transferRequestSchema.nullish(),
        response: {
          202: success('The search at phi, stored and queued.', searchViewSchema),
          ...problems(...transferProblems),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const wanted = request.body ?? transferRequestSchema.parse({});
      const search = await createOnce(store, creationOf(request), {
        create: async (creation) =>
          found(await startTransfer({ ...options, creation, log: request.log }, id, wanted), 'search', id),
        read: async (made) => found(await store.getSearch(made), 'search', made),
      });
      return reply.code(202).header('location', `/v1/searches/${search.id}`).send(search);
    },
  );

  app.get(
    '/searches/:id/transfer',
    {
      schema: {
        operationId: 'getTransfer',
        summary: 'The rows of a transfer on both sides, and how far their rankings agree',
        tags: ['searches'],
        params: idParamsSchema,
        response: {
          200: success('The transfer so far.', transferSchema),
          ...problems('NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ params: { id } }) => found(await readTransfer(store, id), 'search', id),
  );
  done();
};
