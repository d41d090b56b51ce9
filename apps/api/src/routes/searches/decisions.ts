import { decisionViewSchema, pageOf } from '@compound-search/contracts';
import type { DecisionStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { found, idParamsSchema, pageQuerySchema } from '../requests.ts';
import { problems, success } from '../responses.ts';

interface DecisionRouteOptions {
  readonly store: Pick<DecisionStore, 'listDecisions'>;
}

/** What a search has decided on the way. */
export const decisionRoutes: FastifyPluginCallbackZod<DecisionRouteOptions> = (app, { store }, done) => {
  app.get(
    '/searches/:id/decisions',
    {
      schema: {
        operationId: 'listDecisions',
        summary: 'Which candidate was given what in which round, who was dropped, and why',
        description:
          'In the order of the rounds. A search with the strategy full has none: it gives every candidate every seed.',
        tags: ['searches'],
        params: idParamsSchema,
        querystring: pageQuerySchema,
        response: {
          200: success('A page of decisions.', pageOf(decisionViewSchema)),
          ...problems('VALIDATION_FAILED', 'NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ params: { id }, query }) => found(await store.listDecisions(id, query), 'search', id),
  );
  done();
};
