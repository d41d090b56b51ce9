import {
  CompoundSearchError,
  type TrialComparison,
  trialComparisonSchema,
  trialDetailSchema,
} from '@compound-search/contracts';
import type { TrialQueue } from '@compound-search/queue';
import { compareTrials, createOnce, startRerun } from '@compound-search/search';
import type { CreationStore, RerunStore, TrialStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { creationOf, idempotencyHeadersSchema } from '../idempotency.ts';
import { found, idParamsSchema } from '../requests.ts';
import { problems, success } from '../responses.ts';

interface RerunRouteOptions {
  readonly store: RerunStore & CreationStore & Pick<TrialStore, 'getTrial'>;
  readonly queue: Pick<TrialQueue, 'add' | 'ping'>;
}

const rerunProblems = [
  'VALIDATION_FAILED',
  'NOT_FOUND',
  'TRIAL_NOT_COMPLETED',
  'TRIAL_IMPORTED',
  'DEPENDENCY_UNAVAILABLE',
  'IDEMPOTENCY_KEY_REUSED',
] as const;

/** Repeating a trial from its record. */
export const rerunRoutes: FastifyPluginCallbackZod<RerunRouteOptions> = (app, { store, queue }, done) => {
  app.post(
    '/trials/:id/reruns',
    {
      schema: {
        operationId: 'rerunTrial',
        summary: 'Repeat a completed trial from its record',
        description: 'The rerun is a trial of its own, named by the Location header; it decides nothing in its search.',
        tags: ['trials'],
        params: idParamsSchema,
        headers: idempotencyHeadersSchema,
        response: {
          202: success('The rerun, stored and queued.', trialDetailSchema),
          ...problems(...rerunProblems),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const rerun = await createOnce(store, creationOf(request), {
        create: async (creation) => {
          const trial = found(await store.getTrial(id), 'trial', id);
          return startRerun({ store, queue, creation, log: request.log }, trial);
        },
        read: async (made) => found(await store.getTrial(made), 'trial', made),
      });
      return reply.code(202).header('location', `/v1/trials/${rerun.id}`).send(rerun);
    },
  );

  app.get(
    '/trials/:id/comparison',
    {
      schema: {
        operationId: 'getComparison',
        summary: 'A rerun, held against the trial that it repeats',
        tags: ['trials'],
        params: idParamsSchema,
        response: {
          200: success('The comparison, as far as the rerun has come.', trialComparisonSchema),
          ...problems('NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ params: { id } }) => compare(store, id),
  );
  done();
};

async function compare(store: RerunRouteOptions['store'], id: string): Promise<TrialComparison> {
  const rerun = found(await store.getTrial(id), 'trial', id);
  if (rerun.rerunOf === null) {
    throw new CompoundSearchError('NOT_FOUND', `Trial ${id} is no rerun, so there is nothing to compare it with`, {
      field: 'id',
      value: id,
      remedy: `POST /v1/trials/${id}/reruns repeats it; the answer has the id of the rerun.`,
    });
  }
  return compareTrials(found(await store.getTrial(rerun.rerunOf), 'trial', rerun.rerunOf), rerun);
}
