import { z } from 'zod';

import { networkDocumentSchema } from './baseline.ts';
import { failureCodes } from './errors.ts';
import { recipeSchema } from './recipe.ts';
import { candidateSchema } from './search.ts';
import { splitSchema } from './search-request.ts';
import { isStorableText } from './storable-text.ts';
import { epochSchema } from './trial.ts';

/** What a worker elsewhere asks for: one trial, and how long it may be silent before somebody else gets it. */
export const claimRequestSchema = z.strictObject({
  worker: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .refine(isStorableText, { message: 'It holds a character that cannot be stored' })
    .describe('Who it is, as the trial shows it.'),
  searchId: z
    .string()
    .max(100)
    .optional()
    .describe('Of this search only; of any that is trained elsewhere by default.'),
  leaseSeconds: z
    .int()
    .min(15)
    .max(3600)
    .default(60)
    .describe('How long the worker may be silent: then the trial is lost, and given to another one.'),
  waitSeconds: z.number().min(0).max(30).default(0).describe('How long to wait where there is no trial now.'),
  token: z
    .uuid()
    .optional()
    .describe('A new one for every claim: the same again is answered with the same trial, so that no answer is lost.'),
});
export type ClaimRequest = z.input<typeof claimRequestSchema>;

/** A trial that a worker holds, with all that it needs to train it. */
export const claimedTrialSchema = z.object({
  /** Names the claim in all that is told of it. Whoever knows it is its holder. */
  claim: z.string(),
  leaseSeconds: z.int(),
  trialId: z.string(),
  searchId: z.string(),
  /** Counts from 1; a later one follows an attempt that was lost or given back. */
  attempt: z.int(),
  /** `test`: train as for ranking, and measure on the test split too. */
  purpose: z.enum(['ranking', 'test']),
  seed: z.int(),
  dataset: z.string(),
  split: splitSchema,
  recipe: recipeSchema,
  /** The network to scale, as the search was posted with it. */
  baseline: networkDocumentSchema,
  /** The scaled network: multipliers, resolution, repeats, channels and exact cost. */
  network: candidateSchema,
});
export type ClaimedTrialView = z.infer<typeof claimedTrialSchema>;

export const claimAnswerSchema = z.object({
  /** Null where no trial waits. */
  claimed: claimedTrialSchema.nullable(),
});
export type ClaimAnswer = z.infer<typeof claimAnswerSchema>;

const count = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);
const fraction = z.number().min(0).max(1);

/** A point of the learning curve, within what can be kept. */
export const claimEpochSchema = epochSchema.extend({ epoch: count.min(1), step: count });

/** A sign of life. */
export const claimProgressSchema = z.strictObject({
  step: count.default(0).describe('Training steps done so far.'),
  leaseSeconds: claimRequestSchema.shape.leaseSeconds,
});
export type ClaimProgress = z.input<typeof claimProgressSchema>;

/** `lost`: another worker may have the trial. `cancelled`: nobody wants its result any more. Both mean: stop. */
export const leaseStates = ['held', 'lost', 'cancelled'] as const;
export const claimStateSchema = z.object({ state: z.enum(leaseStates) });
export type ClaimState = z.infer<typeof claimStateSchema>;

/** What a claimed trial came to: accuracies, or the code of what went wrong. */
export const claimResultSchema = z.strictObject({
  validationAccuracy: fraction.nullish(),
  validationLoss: z.number().min(0).nullish().describe('Mean cross entropy over the validation images, in nats.'),
  testAccuracy: fraction.nullish().describe('Of a test trial.'),
  steps: count.nullish(),
  weightsHash: z
    .string()
    .max(200)
    .refine(isStorableText, { message: 'It holds a character that cannot be stored' })
    .nullish()
    .describe('Any text that is the same for the same weights.'),
  failure: z.enum(failureCodes).nullish().describe('In the place of an accuracy.'),
  message: z.string().max(2000).nullish().describe('Of a failure: what went wrong, for people.'),
});
export type ClaimResult = z.input<typeof claimResultSchema>;

/** What became of the trial: one that was lost, or found no memory, may be given to another worker. */
export const claimEndSchema = z.object({ trialId: z.string(), state: z.enum(['completed', 'failed', 'queued']) });
export type ClaimEnd = z.infer<typeof claimEndSchema>;
