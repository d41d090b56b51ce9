import { planSchema, searchRequestSchema } from '@compound-search/contracts';
import { type PlanLimits, planRequest, type RegisteredBaselines, resolveBaseline } from '@compound-search/search';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { withBaselineRecipe } from '../requests.ts';
import { problems, searchRequestProblems, success } from '../responses.ts';

interface PlanRouteOptions {
  readonly store: RegisteredBaselines;
  readonly limits: PlanLimits;
  readonly dataRoot: string | undefined;
}

/** What a search would come to, without starting it. */
export const planRoutes: FastifyPluginCallbackZod<PlanRouteOptions> = (app, { store, limits, dataRoot }, done) => {
  app.post(
    '/plans',
    {
      preValidation: withBaselineRecipe(store),
      schema: {
        operationId: 'createPlan',
        summary: 'What a search would come to; nothing is stored',
        tags: ['searches'],
        body: searchRequestSchema,
        response: { 200: success('The plan.', planSchema), ...problems(...searchRequestProblems) },
      },
    },
    async ({ body }) => planRequest(body, await resolveBaseline(body.baseline, store), limits, dataRoot),
  );
  done();
};
