import { coefficientsSchema, leaderboardSchema } from '@compound-search/contracts';
import { readCoefficients, readLeaderboard } from '@compound-search/search';
import type { SearchStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { answerIfChanged, conditionalNote } from '../conditional.ts';
import { coefficientsQuerySchema, idParamsSchema, leaderboardQuerySchema } from '../requests.ts';
import { problems, success } from '../responses.ts';

interface ResultRouteOptions {
  readonly store: Pick<
    SearchStore,
    'getRevision' | 'getAnswer' | 'getResults' | 'getDefinition' | 'getCandidates' | 'getTrialsOf'
  >;
}

/** What a search has found: the ranking while it goes on, the winner when it is known. */
export const resultRoutes: FastifyPluginCallbackZod<ResultRouteOptions> = (app, options, done) => {
  addLeaderboard(app, options);
  addCoefficients(app, options);
  done();
};

type Routes = Parameters<typeof resultRoutes>[0];

function addLeaderboard(app: Routes, { store }: ResultRouteOptions): void {
  app.get(
    '/searches/:id/leaderboard',
    {
      schema: {
        operationId: 'getLeaderboard',
        summary: 'The candidates, best first',
        tags: ['searches'],
        description: conditionalNote,
        params: idParamsSchema,
        querystring: leaderboardQuerySchema,
        response: {
          200: success('A page of the leaderboard so far.', leaderboardSchema),
          ...problems('VALIDATION_FAILED', 'NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    (request, reply) => {
      const searchId = request.params.id;
      const read = () => readLeaderboard(store, searchId, request.query);
      return answerIfChanged({ request, reply, store, searchId, read });
    },
  );
}

function addCoefficients(app: Routes, { store }: ResultRouteOptions): void {
  app.get(
    '/searches/:id/coefficients',
    {
      schema: {
        operationId: 'getCoefficients',
        summary: 'The winning coefficients, with the evidence',
        description: conditionalNote,
        tags: ['searches'],
        params: idParamsSchema,
        querystring: coefficientsQuerySchema,
        response: {
          200: success('The coefficients.', coefficientsSchema),
          ...problems(
            'VALIDATION_FAILED',
            'NOT_FOUND',
            'COEFFICIENTS_NOT_READY',
            'NO_WINNER',
            'DEPENDENCY_UNAVAILABLE',
          ),
        },
      },
    },
    (request, reply) => {
      const searchId = request.params.id;
      const read = () => readCoefficients(store, searchId, request.query);
      return answerIfChanged({ request, reply, store, searchId, read });
    },
  );
}
