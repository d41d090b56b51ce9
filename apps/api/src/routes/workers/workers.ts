import { workerViewSchema } from '@compound-search/contracts';
import type { WorkerStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { found, idParamsSchema } from '../requests.ts';
import { problems, success } from '../responses.ts';

interface WorkerRouteOptions {
  readonly store: Pick<WorkerStore, 'listWorkers' | 'drainWorker'>;
}

const repeatable = 'The same again changes nothing and has the same answer.';

const verbs = [
  {
    verb: 'drain',
    operationId: 'drainWorker',
    summary: 'Drain a worker: it takes no more trials and finishes those that it has',
    description: `It stays until it is ended or resumed. ${repeatable}`,
    draining: true,
  },
  {
    verb: 'resume',
    operationId: 'resumeWorker',
    summary: 'Let a worker that drains take trials again',
    description: repeatable,
    draining: false,
  },
] as const;

/** The workers that there are, and holding them back. */
export const workerRoutes: FastifyPluginCallbackZod<WorkerRouteOptions> = (app, { store }, done) => {
  app.get(
    '/workers',
    {
      schema: {
        operationId: 'listWorkers',
        summary: 'All workers, with the trials that they hold',
        description: 'Lost ones too, for a day; one that has ended by its normal shutdown is not among them.',
        tags: ['workers'],
        response: {
          200: success('The workers, in the order in which they started.', workerViewSchema.array()),
          ...problems('DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    () => store.listWorkers(),
  );

  for (const { verb, draining, ...description } of verbs) {
    app.post(
      `/workers/:id/${verb}`,
      {
        config: { role: 'admin' },
        schema: {
          ...description,
          tags: ['workers'],
          params: idParamsSchema,
          response: {
            200: success('The worker as it is now.', workerViewSchema),
            ...problems('NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
          },
        },
      },
      async ({ params: { id } }) => found(await store.drainWorker(id, draining), 'worker', id),
    );
  }
  done();
};
