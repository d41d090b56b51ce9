import { z } from 'zod';

/**
 * A network of a person's own, as it travels: the package networks checks the rest by its own schema, which
 * GET /v1/schemas/network shows.
 */
export const networkDocumentSchema = z
  .looseObject({ name: z.string() })
  .describe('A network as data: input, stem, stages of blocks and head. GET /v1/schemas/network has its schema.');
export type NetworkDocument = z.infer<typeof networkDocumentSchema>;

/** The network that is scaled: a baseline's name, or a description. */
export const baselineSchema = z.union([z.string().min(1).max(100), networkDocumentSchema]);
export type Baseline = z.infer<typeof baselineSchema>;

/** The name of a baseline, however it was given. */
export function baselineName(baseline: Baseline): string {
  return typeof baseline === 'string' ? baseline : baseline.name;
}
