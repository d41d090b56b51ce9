import { apiKeyRequestSchema, apiKeySchema, CompoundSearchError, madeApiKeySchema } from '@compound-search/contracts';
import type { ApiKeyStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { hashSecret, makeSecret } from '../../access/secrets.ts';
import { found, idParamsSchema } from '../requests.ts';
import { bodyProblems, problems, success } from '../responses.ts';

interface KeyRouteOptions {
  readonly store: ApiKeyStore;
}

/** Making keys, listing them, and taking them back. */
export const keyRoutes: FastifyPluginCallbackZod<KeyRouteOptions> = (app, options, done) => {
  addMaking(app, options);
  addListing(app, options);
  addTakingBack(app, options);
  done();
};

type App = Parameters<typeof keyRoutes>[0];

function addMaking(app: App, { store }: KeyRouteOptions): void {
  app.post(
    '/keys',
    {
      config: { role: 'admin' },
      schema: {
        operationId: 'makeKey',
        summary: 'Make a key',
        description: 'The answer is the only one that has the secret: the service keeps a hash of it.',
        tags: ['keys'],
        body: apiKeyRequestSchema,
        response: {
          201: success('The key, with its secret.', madeApiKeySchema),
          ...problems(...bodyProblems, 'KEY_EXISTS', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ body }, reply) => {
      const secret = makeSecret();
      const key = await store.addApiKey(body, hashSecret(secret));
      if (key === null) throw nameTaken(body.name);
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...key, key: secret });
    },
  );
}

function addListing(app: App, { store }: KeyRouteOptions): void {
  app.get(
    '/keys',
    {
      config: { role: 'admin' },
      schema: {
        operationId: 'listKeys',
        summary: 'All keys, without their secrets',
        tags: ['keys'],
        response: { 200: success('The keys.', apiKeySchema.array()), ...problems('DEPENDENCY_UNAVAILABLE') },
      },
    },
    () => store.listApiKeys(),
  );
}

function addTakingBack(app: App, { store }: KeyRouteOptions): void {
  app.delete(
    '/keys/:id',
    {
      schema: {
        operationId: 'deleteKey',
        summary: 'Take a key back',
        description: 'It is refused from then on.',
        tags: ['keys'],
        params: idParamsSchema,
        response: {
          200: success('The key that is no more.', apiKeySchema),
          ...problems('VALIDATION_FAILED', 'NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ params: { id } }) => found(await store.deleteApiKey(id), 'key', id),
  );
}

function nameTaken(name: string): CompoundSearchError {
  return new CompoundSearchError('KEY_EXISTS', `There is a key ${name}`, {
    field: 'name',
    value: name,
    remedy: 'Give the key another name, or take the other one back first.',
  });
}
