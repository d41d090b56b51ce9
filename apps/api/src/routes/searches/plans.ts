import { searchPlanSchema, searchRequestSchema } from '@compound-search/contracts';
import { type Planning, planWithHistory } from '@compound-search/search';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { withBaselineRecipe } from '../requests.ts';
import { problems, searchRequestProblems, success } from '../responses.ts';

/** What a search would come to, without starting it. */
export const planRoutes: FastifyPluginCallbackZod<Planning> = (app, { store, limits, dataRoot }, done) => {
  app.post(
    '/plans',
    {
      config: { role: 'read' },
      preValidation: withBaselineRecipe(store),
      schema: {
        operationId: 'createPlan',
        summary: 'What a search would come to; nothing is stored',
        tags: ['searches'],
        body: searchRequestSchema,
        response: { 200: success('The plan.', searchPlanSchema), ...problems(...searchRequestProblems) },
      },
    },
    ({ body }) => planWithHistory({ store, limits, dataRoot }, body),
  );
  done();
};
