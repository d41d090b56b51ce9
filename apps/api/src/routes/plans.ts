import { planSchema, searchRequestSchema } from '@compound-search/contracts';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { fillBaselineRecipe } from '../fill-baseline-recipe.ts';
import { type PlanLimits, planRequest } from '../plan-request.ts';
import { type RegisteredBaselines, resolveBaseline } from '../resolve-baseline.ts';
import { problems, searchRequestProblems, success } from './responses.ts';

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
      preValidation: fillBaselineRecipe(store),
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
