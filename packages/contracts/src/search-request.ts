import { z } from 'zod';

import { baselineSchema } from './baseline.ts';

/** One axis of the grid: the values themselves, or a range that is expanded by index (1 to 2 by 0.05 is 21 values). */
export const axisSchema = z.union([
  z.array(z.number()).min(1).max(10_000),
  z.strictObject({ from: z.number(), to: z.number(), step: z.number() }),
]);
export type Axis = z.infer<typeof axisSchema>;

export const gridSchema = z.strictObject({ alpha: axisSchema, beta: axisSchema, gamma: axisSchema });
export type GridRequest = z.infer<typeof gridSchema>;

/**
 * |alpha^a * beta^b * gamma^c - target| <= tolerance, with exponents (a, b, c).
 * The default tolerance of 0.1 admits the paper's own answer, whose product is 1.92 (Tan & Le 2019, section 3.3).
 */
export const constraintSchema = z.strictObject({
  target: z.number().positive().max(1000).default(2),
  tolerance: z.number().nonnegative().max(1000).default(0.1),
  exponents: z
    .tuple([z.number().positive().max(10), z.number().positive().max(10), z.number().positive().max(10)])
    .default([1, 2, 2]),
});
export type Constraint = z.infer<typeof constraintSchema>;

/**
 * How a candidate is trained. Defaults are the paper's (section 5.2: RMSProp with decay 0.9, momentum 0.9, epsilon 1e-3
 * as in tensorflow/tpu, weight decay 1e-5, learning rate x 0.97 every 2.4 epochs), except for the length and the learning
 * rate, which suit seconds of training on small images instead of 350 epochs of ImageNet. What belongs to a network
 * (dropout, stochastic depth, batch-norm momentum) is the baseline's own: 0.99 in the paper's networks, 0.9 in small
 * ones, whose short trainings would still remember the start.
 */
export const recipeSchema = z.strictObject({
  epochs: z.int().min(1).max(1000).default(2),
  batchSize: z.int().min(1).max(4096).default(32),
  /** Peak learning rate at this batch size, reached at the end of the warm-up. */
  learningRate: z.number().positive().max(10).default(0.008),
  /** Linear from 0 over this many epochs. */
  warmupEpochs: z.number().nonnegative().max(1000).default(0.25),
  learningRateDecay: z.number().positive().max(1).default(0.97),
  learningRateDecayEpochs: z.number().positive().max(1000).default(2.4),
  optimizer: z
    .strictObject({
      kind: z.literal('rmsprop'),
      decay: z.number().min(0).lt(1).default(0.9),
      momentum: z.number().min(0).lt(1).default(0.9),
      /** Inside the root, as TensorFlow has it. */
      epsilon: z.number().positive().max(1).default(1e-3),
    })
    .prefault({ kind: 'rmsprop' }),
  /** L2, on all weights but those of batch normalization and biases. */
  weightDecay: z.number().nonnegative().max(1).default(1e-5),
  labelSmoothing: z.number().min(0).lt(1).default(0.1),
  /** Share of the old moving statistics that a step keeps; the baseline's own where absent. */
  batchNormalizationMomentum: z.number().min(0).lt(1).optional(),
  /** Rate before the classifier; the baseline's own where absent. */
  dropout: z.number().min(0).lt(1).optional(),
  /** Rate that the last block approaches, growing from 0 over the scaled blocks; the baseline's own where absent. */
  stochasticDepth: z.number().min(0).lt(1).optional(),
});
export type Recipe = z.infer<typeof recipeSchema>;

/** Which images train and which rank; both come from the data set's training split, class by class in proportion. */
export const splitSchema = z.strictObject({
  trainImages: z.int().min(1).max(10_000_000).default(6000),
  validationImages: z.int().min(1).max(10_000_000).default(2000),
  /** Decides which images; the same for all trials of a search, so that candidates are compared on the same data. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
});
export type Split = z.infer<typeof splitSchema>;

export const devices = ['cpu', 'gpu'] as const;
export type Device = (typeof devices)[number];

const uniqueSeeds = (seeds: readonly number[]): boolean => new Set(seeds).size === seeds.length;

/** What a person posts to start a search. */
export const searchRequestSchema = z.strictObject({
  name: z.string().trim().min(1).max(200).optional(),
  /** A name of GET /v1/baselines, or a network of one's own as GET /v1/schemas/network says. */
  baseline: baselineSchema,
  dataset: z.string().min(1).max(1000),
  grid: gridSchema,
  constraint: constraintSchema.prefault({}),
  /** One trial per candidate and seed. */
  seeds: z
    .array(
      z
        .int()
        .min(0)
        .max(2 ** 31 - 1),
    )
    .min(1)
    .max(100)
    .refine(uniqueSeeds, { message: 'A seed stands twice' })
    .default([1, 2]),
  split: splitSchema.prefault({}),
  recipe: recipeSchema.prefault({}),
  device: z.enum(devices).default('cpu'),
});
/** A request with every default filled in. */
export type SearchRequest = z.infer<typeof searchRequestSchema>;
/** A request as a person writes it. */
export type SearchRequestInput = z.input<typeof searchRequestSchema>;
