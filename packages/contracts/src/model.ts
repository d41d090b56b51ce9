import { z } from 'zod';

import { networkDocumentSchema } from './baseline.ts';
import { recipeSchema } from './recipe.ts';
import { splitSchema } from './search-request.ts';
import { trialStates } from './states.ts';
import { engineSchema, multipliersSchema, trialFailureSchema } from './trial.ts';

/** Bytes of the largest saved_model.pb that is stored: 67 million float32 weights, as many as EfficientNet-B7 has. */
export const largestSavedModel = 256 * 1024 * 1024;

/** Which network of a search to train as a model. */
export const modelRequestSchema = z.strictObject({
  /** Absent for the winner. */
  candidateId: z.string().max(100).optional(),
  /** The candidate's coefficients are raised to it; 1 is the candidate itself. */
  phi: z.number().default(1),
  /** Absent for the first seed of the search. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional(),
});
export type ModelRequest = z.infer<typeof modelRequestSchema>;
/** A request as a person writes it. */
export type ModelRequestInput = z.input<typeof modelRequestSchema>;

/** A network that is to become a model, as it was planned. MACs are multiply-adds at batch 1. */
export const modelPlanSchema = z.object({
  coefficients: z.object({ alpha: z.number(), beta: z.number(), gamma: z.number() }),
  phi: z.number(),
  multipliers: multipliersSchema,
  fingerprint: z.string(),
  /** Pixels, [height, width]: what the images are resized to inside the model. */
  resolution: z.array(z.int()),
  repeats: z.array(z.int()),
  /** [stem, stages..., head]. */
  channels: z.array(z.int()),
  parameters: z.int(),
  macs: z.int(),
  /** Of the data set's images, which are the model's input. */
  image: z.object({ height: z.int(), width: z.int(), channels: z.int() }),
  /** Names in the order of the probabilities; numbers where the data set has no names. */
  classes: z.array(z.string()),
});
export type ModelPlan = z.infer<typeof modelPlanSchema>;

/** What metadata.json says of a saved_model.pb. */
export const modelMetadataSchema = z.object({
  /** Goes up when a field changes its meaning. */
  formatVersion: z.literal(1),
  modelId: z.string(),
  searchId: z.string(),
  candidateId: z.string(),
  signature: z.object({
    name: z.literal('serving_default'),
    /** float32 [batch, height, width, channels], pixels of 0 to 255; resizing and normalization are inside the model. */
    input: z.object({ name: z.literal('image'), dtype: z.literal('float32'), shape: z.array(z.int().nullable()) }),
    /** float32 [batch, classes]; null is the batch, of any size. */
    output: z.object({
      name: z.literal('probabilities'),
      dtype: z.literal('float32'),
      shape: z.array(z.int().nullable()),
    }),
  }),
  ...modelPlanSchema.omit({ image: true }).shape,
  /** The baseline's description, which the multipliers scale. */
  baseline: networkDocumentSchema,
  dataset: z.string(),
  /** SHA-256 of the data set's content. */
  datasetHash: z.string(),
  split: splitSchema,
  recipe: recipeSchema,
  seed: z.int(),
  engine: engineSchema,
  validationAccuracy: z.number(),
  testAccuracy: z.number(),
  /** SHA-256 over all trained variables, as the trial has it. */
  weightsHash: z.string(),
  /** Bytes of saved_model.pb. */
  bytes: z.int(),
});
export type ModelMetadata = z.infer<typeof modelMetadataSchema>;

/** A model as the API shows it: a training under way, then a file with its metadata. */
export const modelViewSchema = z.object({
  /** Also the id of its trial. */
  id: z.string(),
  searchId: z.string(),
  candidateId: z.string(),
  phi: z.number(),
  seed: z.int(),
  state: z.enum(trialStates),
  /** Steps done, and steps in all (null before the training starts). */
  step: z.int(),
  steps: z.int().nullable(),
  failure: trialFailureSchema.nullable(),
  /** Null until the training has completed. */
  metadata: modelMetadataSchema.nullable(),
  /** Sentences that a person should read before using it. */
  notes: z.array(z.string()),
});
export type ModelView = z.infer<typeof modelViewSchema>;
