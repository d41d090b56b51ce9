import { type Baseline, baselineSchema, recipeDefaultsSchema } from '@compound-search/contracts';
import { baselines } from '@compound-search/networks';
import type { preValidationAsyncHookHandler } from 'fastify';
import { z } from 'zod';

import type { RegisteredBaselines } from './resolve-baseline.ts';

const bodySchema = z.looseObject({ baseline: baselineSchema, recipe: z.looseObject({}).optional() });

/**
 * Puts the defaults that a baseline has of its own under what a request's recipe says, before the schema fills in the
 * general ones. A body that does not fit is left for the schema to refuse.
 */
export function fillBaselineRecipe(registered: RegisteredBaselines): preValidationAsyncHookHandler {
  return async (request) => {
    const { data: body } = bodySchema.safeParse(request.body);
    if (body === undefined) return;
    const defaults = recipeDefaultsSchema.safeParse((await documentOf(body.baseline, registered))?.['recipe']);
    if (defaults.success) request.body = { ...body, recipe: { ...defaults.data, ...body.recipe } };
  };
}

async function documentOf(
  baseline: Baseline,
  registered: RegisteredBaselines,
): Promise<Readonly<Record<string, unknown>> | null> {
  if (typeof baseline !== 'string') return baseline;
  return baselines.get(baseline) ?? (await registered.getBaseline(baseline));
}
