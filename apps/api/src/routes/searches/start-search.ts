import { searchRequestSchema, searchViewSchema } from '@compound-search/contracts';
import type { DatasetChecker } from '@compound-search/datasets';
import type { TrialQueue } from '@compound-search/queue';
import { createOnce, type PlanLimits, type RegisteredBaselines, startSearch } from '@compound-search/search';
import type { CreationStore, HistoryStore, SearchStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { creationOf, idempotencyHeadersSchema } from '../idempotency.ts';
import { found, withBaselineRecipe } from '../requests.ts';
import { problems, searchRequestProblems, success } from '../responses.ts';

/** What starting a search needs. */
export interface StartSearchOptions {
  readonly store: Pick<SearchStore, 'createSearch' | 'getSearch'> & CreationStore & RegisteredBaselines & HistoryStore;
  readonly queue: Pick<TrialQueue, 'add' | 'ping'>;
  readonly limits: PlanLimits;
  readonly dataRoot: string | undefined;
  readonly checker: Pick<DatasetChecker, 'requireWhole'>;
}

/** Starting a search: everything that can be refused is refused before anything is stored. */
export const startSearchRoute: FastifyPluginCallbackZod<StartSearchOptions> = (app, options, done) => {
  const { store } = options;
  app.post(
    '/searches',
    {
      preValidation: withBaselineRecipe(store),
      schema: {
        operationId: 'createSearch',
        summary: 'Start a search',
        description:
          'The search is stored and its trials are queued; the Location header names it. A data set in files is read in ' +
          'full first: where that takes longer than some seconds the answer is DATASET_NOT_READY, and the same request ' +
          'goes on waiting.',
        tags: ['searches'],
        headers: idempotencyHeadersSchema,
        body: searchRequestSchema,
        response: {
          202: success('The search, stored and queued.', searchViewSchema),
          ...problems(...searchRequestProblems, 'DATASET_NOT_READY', 'IDEMPOTENCY_KEY_REUSED'),
        },
      },
    },
    async (request, reply) => {
      const search = await createOnce(store, creationOf(request), {
        create: (creation) => startSearch({ ...options, creation, log: request.log }, request.body),
        read: async (id) => found(await store.getSearch(id), 'search', id),
      });
      return reply.code(202).header('location', `/v1/searches/${search.id}`).send(search);
    },
  );
  done();
};
