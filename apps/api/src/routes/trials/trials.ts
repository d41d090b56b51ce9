import { pageOf, trialDetailSchema, trialLogSchema, trialStates, trialViewSchema } from '@compound-search/contracts';
import type { TrialStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { found, idParamsSchema, pageQuerySchema } from '../requests.ts';
import { problems, success } from '../responses.ts';

interface TrialRouteOptions {
  readonly store: Pick<TrialStore, 'listTrials' | 'getTrial' | 'getTrialLog'>;
}

/** The trials of a search, and each with its learning curve and its log. */
export const trialRoutes: FastifyPluginCallbackZod<TrialRouteOptions> = (app, { store }, done) => {
  app.get(
    '/searches/:id/trials',
    {
      schema: {
        operationId: 'listTrials',
        summary: 'List the trials of a search',
        tags: ['trials'],
        params: idParamsSchema,
        querystring: pageQuerySchema.extend({ state: z.enum(trialStates).optional() }),
        response: {
          200: success('A page of trials.', pageOf(trialViewSchema)),
          ...problems('VALIDATION_FAILED', 'NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ params: { id }, query }) => found(await store.listTrials(id, query), 'search', id),
  );

  app.get(
    '/trials/:id',
    {
      schema: {
        operationId: 'getTrial',
        summary: 'A trial with its learning curve',
        tags: ['trials'],
        params: idParamsSchema,
        response: { 200: success('The trial.', trialDetailSchema), ...problems('NOT_FOUND', 'DEPENDENCY_UNAVAILABLE') },
      },
    },
    async ({ params: { id } }) => found(await store.getTrial(id), 'trial', id),
  );

  app.get(
    '/trials/:id/log',
    {
      schema: {
        operationId: 'getTrialLog',
        summary: 'Each attempt at a trial, the last 100: who trained it where, how it ended, what it said last',
        tags: ['trials'],
        params: idParamsSchema,
        response: { 200: success('The attempts.', trialLogSchema), ...problems('NOT_FOUND', 'DEPENDENCY_UNAVAILABLE') },
      },
    },
    async ({ params: { id } }) => found(await store.getTrialLog(id), 'trial', id),
  );
  done();
};
