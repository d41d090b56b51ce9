import { CompoundSearchError, leaderboardOrderSchema } from '@compound-search/contracts';
import { fillBaselineRecipe, type RegisteredBaselines } from '@compound-search/search';
import type { preValidationAsyncHookHandler } from 'fastify';
import { z } from 'zod';

/** The path of one search, trial or model. An identifier in a form that is never given out is one that does not exist. */
export const idParamsSchema = z.object({ id: z.string() });

/** Which page of a list: `cursor` is the `next` of the page before. */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

const booleanSchema = z.stringbool({ truthy: ['true'], falsy: ['false'] }).optional();
const wholeNumberSchema = z.coerce.number().int().min(0).optional();

/**
 * Which rows of a leaderboard, in which order and form. The default page holds every search of the size that is accepted by
 * default; as comma-separated values there is one page with all rows.
 */
export const leaderboardQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  cursor: z.string().max(500).optional(),
  ...leaderboardOrderSchema.shape,
  tied: booleanSchema,
  paretoOptimal: booleanSchema,
  minimumTrials: wholeNumberSchema,
  maximumMacs: wholeNumberSchema,
  maximumParameters: wholeNumberSchema,
  format: z.enum(['json', 'csv']).optional().describe('Instead of the Accept header.'),
});

const phiSchema = z.number().min(-100).max(100);

/** To which phis the answer's family is scaled: numbers with commas between them. */
export const coefficientsQuerySchema = z.strictObject({
  phi: z
    .string()
    .max(1000)
    .regex(/^-?\d+(\.\d+)?(,-?\d+(\.\d+)?)*$/u, { message: 'must be numbers with commas between them, as 0,1,2.5' })
    .transform((text) => text.split(',').map(Number))
    .pipe(z.array(phiSchema).max(20))
    .optional(),
});

const remedies = {
  search: 'GET /v1/searches lists all searches.',
  trial: 'GET /v1/searches/{id}/trials lists the trials.',
  model: 'GET /v1/searches/{id}/trials lists the trials; those of purpose model have the ids of models.',
  key: 'GET /v1/keys lists all keys.',
  worker: 'GET /v1/workers lists all workers; one that has ended is none any more.',
} as const;

/**
 * The thing that a path names.
 *
 * @throws CompoundSearchError NOT_FOUND where there is none.
 */
export function found<T>(thing: T | null, kind: keyof typeof remedies, id: string): T {
  if (thing !== null) return thing;
  throw new CompoundSearchError('NOT_FOUND', `There is no ${kind} ${id.slice(0, 100)}`, {
    field: 'id',
    value: id,
    remedy: remedies[kind],
  });
}

/** Puts the recipe of a request's baseline under what the request says, before its schema fills in the defaults. */
export function withBaselineRecipe(registered: RegisteredBaselines): preValidationAsyncHookHandler {
  return async (request) => {
    request.body = await fillBaselineRecipe(request.body, registered);
  };
}
