import { comparisonRequestSchema, comparisonSchema } from '@compound-search/contracts';
import { startComparison } from '@compound-search/search';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { creationOf, idempotencyHeadersSchema } from '../idempotency.ts';
import { withBaselineRecipe } from '../requests.ts';
import { problems, searchRequestProblems, success } from '../responses.ts';
import type { StartSearchOptions } from './start-search.ts';

/** Comparing ways to scale a network to the same cost: one search a target, all of which are planned before one starts. */
export const comparisonRoutes: FastifyPluginCallbackZod<StartSearchOptions> = (app, options, done) => {
  app.post(
    '/comparisons',
    {
      preValidation: withBaselineRecipe(options.store),
      schema: {
        operationId: 'createComparison',
        summary: 'Compare depth-only, width-only, resolution-only and compound scaling at equal exact cost',
        description:
          'Starts one search a target over the networks of the methods, whose leaderboards are the comparison: points ' +
          'carry the name of their method as label. Notes say where rounding made it necessary to move another axis.',
        tags: ['searches'],
        headers: idempotencyHeadersSchema,
        body: comparisonRequestSchema,
        response: {
          202: success('The searches, stored and queued.', comparisonSchema),
          ...problems(...searchRequestProblems, 'DATASET_NOT_READY', 'IDEMPOTENCY_KEY_REUSED'),
        },
      },
    },
    async (request, reply) => {
      const start = { ...options, creation: creationOf(request), log: request.log };
      return reply.code(202).send(await startComparison(start, request.body));
    },
  );
  done();
};
