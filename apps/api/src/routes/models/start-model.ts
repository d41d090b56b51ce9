import { modelRequestSchema, modelViewSchema } from '@compound-search/contracts';
import type { TrialQueue } from '@compound-search/queue';
import { createOnce, startModel, toModelView } from '@compound-search/search';
import type { CreationStore, ModelStore, SearchStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { creationOf, idempotencyHeadersSchema } from '../idempotency.ts';
import { found, idParamsSchema } from '../requests.ts';
import { bodyProblems, problems, success } from '../responses.ts';

interface StartModelOptions {
  readonly store: Pick<ModelStore, 'createModel' | 'getModel'> &
    CreationStore &
    Pick<SearchStore, 'getResults' | 'getDefinition' | 'getCandidates'>;
  readonly queue: Pick<TrialQueue, 'add' | 'ping'>;
  readonly dataRoot: string | undefined;
}

const modelRequestProblems = [
  ...bodyProblems,
  'NOT_FOUND',
  'COEFFICIENTS_NOT_READY',
  'NO_WINNER',
  'COEFFICIENT_INVALID',
  'NETWORK_INVALID',
  'UNKNOWN_DATASET',
  'DATASET_INVALID',
  'DEPENDENCY_UNAVAILABLE',
  'IDEMPOTENCY_KEY_REUSED',
] as const;

/** Training a network of a search as a model: what can be refused is refused before anything is stored. */
export const startModelRoute: FastifyPluginCallbackZod<StartModelOptions> = (app, options, done) => {
  app.post(
    '/searches/:id/model',
    {
      schema: {
        operationId: 'createModel',
        summary: 'Train the winner, or another candidate at any phi, as a model',
        description:
          'The network is trained with the recipe and the data of the search and tested on the test split. The ' +
          'Location header names the model; it decides nothing in its search.',
        tags: ['models'],
        params: idParamsSchema,
        headers: idempotencyHeadersSchema,
        body: modelRequestSchema.nullish(),
        response: {
          202: success('The model, stored and queued.', modelViewSchema),
          ...problems(...modelRequestProblems),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const wanted = request.body ?? modelRequestSchema.parse({});
      const model = await createOnce(options.store, creationOf(request), {
        create: async (creation) =>
          found(await startModel({ ...options, creation, log: request.log }, id, wanted), 'search', id),
        read: async (made) => toModelView(found(await options.store.getModel(made), 'model', made)),
      });
      return reply.code(202).header('location', `/v1/models/${model.id}`).send(model);
    },
  );
  done();
};
