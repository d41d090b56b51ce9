import { coefficientsSchema, leaderboardSchema } from '@compound-search/contracts';
import { toCoefficients, toLeaderboard } from '@compound-search/search';
import type { SearchStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { found, idParamsSchema } from '../requests.ts';
import { problems, success } from '../responses.ts';

interface ResultRouteOptions {
  readonly store: Pick<SearchStore, 'getOutcome'>;
}

/** What a search has found: the ranking while it goes on, the winner when it is known. */
export const resultRoutes: FastifyPluginCallbackZod<ResultRouteOptions> = (app, { store }, done) => {
  app.get(
    '/searches/:id/leaderboard',
    {
      schema: {
        operationId: 'getLeaderboard',
        summary: 'The candidates, best first',
        tags: ['searches'],
        params: idParamsSchema,
        response: {
          200: success('The leaderboard so far.', leaderboardSchema),
          ...problems('NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ params: { id } }) => toLeaderboard(found(await store.getOutcome(id), 'search', id)),
  );

  app.get(
    '/searches/:id/coefficients',
    {
      schema: {
        operationId: 'getCoefficients',
        summary: 'The winning coefficients, with the evidence',
        tags: ['searches'],
        params: idParamsSchema,
        response: {
          200: success('The coefficients.', coefficientsSchema),
          ...problems('NOT_FOUND', 'COEFFICIENTS_NOT_READY', 'NO_WINNER', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ params: { id } }) => toCoefficients(found(await store.getOutcome(id), 'search', id)),
  );
  done();
};
