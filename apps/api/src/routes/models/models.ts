import { Readable } from 'node:stream';

import { CompoundSearchError, modelViewSchema } from '@compound-search/contracts';
import { toModelView } from '@compound-search/search';
import type { ModelRecord, ModelStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { found, idParamsSchema } from '../requests.ts';
import { problems, success } from '../responses.ts';

interface ModelRouteOptions {
  readonly store: Pick<ModelStore, 'getModel' | 'savedModelPart'>;
}

// Streams are sent as they are, so the schema only describes: of all kinds of zod only files are binary in OpenAPI.
const binary: z.ZodType = z.file();

const savedModelResponse = {
  description: 'The bytes of saved_model.pb. In a folder of its own it is a SavedModel that TensorFlow loads.',
  content: {
    'application/octet-stream': { schema: binary },
  },
};

/** Models: how far they are, what is known of them, and the file. */
export const modelRoutes: FastifyPluginCallbackZod<ModelRouteOptions> = (app, { store }, done) => {
  app.get(
    '/models/:id',
    {
      schema: {
        operationId: 'getModel',
        summary: 'State and metadata of a model',
        tags: ['models'],
        params: idParamsSchema,
        response: { 200: success('The model.', modelViewSchema), ...problems('NOT_FOUND', 'DEPENDENCY_UNAVAILABLE') },
      },
    },
    async ({ params: { id } }) => toModelView(found(await store.getModel(id), 'model', id)),
  );

  app.get(
    '/models/:id/saved_model.pb',
    {
      schema: {
        operationId: 'getSavedModel',
        summary: 'The file of a model',
        tags: ['models'],
        params: idParamsSchema,
        response: {
          200: savedModelResponse,
          ...problems('NOT_FOUND', 'TRIAL_NOT_COMPLETED', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ params: { id } }, reply) => {
      const model = found(await store.getModel(id), 'model', id);
      requireFile(model);
      return reply
        .type('application/octet-stream')
        .header('content-length', model.bytes)
        .send(Readable.from(partsOf(store, id), { objectMode: false }));
    },
  );
  done();
};

function requireFile({ trial: { id, state } }: ModelRecord): void {
  if (state === 'completed') return;
  throw new CompoundSearchError('TRIAL_NOT_COMPLETED', `The training of model ${id} is ${state}, so there is no file`, {
    field: 'state',
    value: state,
    remedy: `Wait until GET /v1/models/${id} shows the state completed; one that failed or was cancelled has no file.`,
  });
}

/** Part by part as the client takes them, so that a large model needs little memory. */
async function* partsOf(store: ModelRouteOptions['store'], id: string): AsyncGenerator<Uint8Array> {
  for (let ordinal = 0; ; ordinal += 1) {
    const part = await store.savedModelPart(id, ordinal);
    if (part === null) return;
    yield part;
  }
}
