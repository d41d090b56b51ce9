import { type Baseline, baselineSchema, recipeDefaultsSchema } from '@compound-search/contracts';
import { baselines } from '@compound-search/networks';
import { z } from 'zod';

import type { RegisteredBaselines } from './resolve-baseline.ts';

const bodySchema = z.looseObject({ baseline: baselineSchema, recipe: z.looseObject({}).optional() });

/**
 * A request, as it was sent, with the recipe that its baseline has of its own put under what the request says, before
 * the schema fills in the general defaults. One that does not fit is returned as it is, for the schema to refuse.
 */
export async function fillBaselineRecipe(request: unknown, registered: RegisteredBaselines): Promise<unknown> {
  const { data: body } = bodySchema.safeParse(request);
  if (body === undefined) return request;
  const defaults = recipeDefaultsSchema.safeParse((await documentOf(body.baseline, registered))?.['recipe']);
  return defaults.success ? { ...body, recipe: { ...defaults.data, ...body.recipe } } : request;
}

async function documentOf(
  baseline: Baseline,
  registered: RegisteredBaselines,
): Promise<Readonly<Record<string, unknown>> | null> {
  if (typeof baseline !== 'string') return baseline;
  return baselines.get(baseline) ?? (await registered.getBaseline(baseline));
}
