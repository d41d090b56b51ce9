import { z } from 'zod';

import { axisSchema, constraintSchema, searchSettings, seedsSchema } from './search-request.ts';

/**
 * What a follow-up search has beside or in place of what the search before it had; the rest stays. Trials that are equal
 * to some of the search before are taken over.
 */
export const extensionRequestSchema = z
  .strictObject({
    name: searchSettings.name,
    /** Beside those of the search. */
    seeds: seedsSchema.optional(),
    /** Axes in place of those of the search. */
    grid: z
      .strictObject({
        alpha: axisSchema.optional(),
        beta: axisSchema.optional(),
        gamma: axisSchema.optional(),
        minimum: z.number().positive().max(1).optional(),
      })
      .optional(),
    /** In place of that of the search, as a whole. */
    constraint: constraintSchema.optional(),
    /** In place of those of the recipe. A training of another length is another training: nothing is taken over. */
    epochs: z.int().min(1).max(1000).optional(),
  })
  .refine(({ seeds, grid, constraint, epochs }) => [seeds, grid, constraint, epochs].some((one) => one !== undefined), {
    message: 'Give seeds, grid, constraint or epochs: else the search would be the same again',
  })
  .meta({
    anyOf: [{ required: ['seeds'] }, { required: ['grid'] }, { required: ['constraint'] }, { required: ['epochs'] }],
  });
export type ExtensionRequest = z.infer<typeof extensionRequestSchema>;
export type ExtensionRequestInput = z.input<typeof extensionRequestSchema>;
