import { CompoundSearchError, leaderboardOrderSchema } from '@compound-search/contracts';
import { fillBaselineRecipe, type RegisteredBaselines } from '@compound-search/search';
import type { preValidationAsyncHookHandler } from 'fastify';
import { z } from 'zod';

/** The path of one search, trial or model. An identifier in a form that is never given out is one that does not exist. */
export const idParamsSchema = z.object({ id: z.string() });

/**
 * A whole number in a query. Only digits are one: an empty text or 0x10, which JavaScript would take for a number too, are
 * mistakes.
 */
export function queryInteger(least: number, most: number) {
  return z
    .preprocess(
      (text) => (typeof text === 'string' && /^-?\d{1,16}$/u.test(text) ? Number(text) : text),
      z.int().min(least).max(most),
    )
    .meta({ type: 'integer', minimum: least, maximum: most });
}

/** The same for one that may be left out. */
export function queryIntegerOr(absent: number, least: number, most: number) {
  return queryInteger(least, most).default(absent).meta({ default: absent });
}

function cursorSchema(form: RegExp) {
  return z.string().regex(form, { message: 'must be the `next` of the page before; the first page has none' });
}

/** Which page of a list: `cursor` is the `next` of the page before. */
export const pageQuerySchema = z.strictObject({
  limit: queryIntegerOr(50, 1, 200),
  cursor: cursorSchema(/^\d{1,18}$/).optional(),
});

const booleanSchema = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();
const countSchema = queryInteger(0, Number.MAX_SAFE_INTEGER).optional();

/**
 * Which rows of a leaderboard, in which order and form. The default page holds every search of the size that is accepted by
 * default; as comma-separated values there is one page with all rows.
 */
export const leaderboardQuerySchema = z.strictObject({
  limit: queryIntegerOr(200, 1, 1000),
  cursor: cursorSchema(/^[1-9]\d{0,8}$/).optional(),
  ...leaderboardOrderSchema.shape,
  tied: booleanSchema,
  paretoOptimal: booleanSchema,
  minimumTrials: countSchema,
  maximumMacs: countSchema,
  maximumParameters: countSchema,
  format: z.enum(['json', 'csv']).optional().describe('Instead of the Accept header.'),
});

/** At most twenty from -100 to 100. */
const phiList = /^-?(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)(?:,-?(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)){0,19}$/u;

/** To which phis the answer's family is scaled: numbers with commas between them. */
export const coefficientsQuerySchema = z.strictObject({
  phi: z
    .string()
    .max(1000)
    .regex(phiList, { message: 'must be at most 20 numbers from -100 to 100 with commas between them, as 0,1,2.5' })
    .transform((text) => text.split(',').map(Number))
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
