import { z } from 'zod';

const share = z.number().min(0).lt(1);

/** The optimizers, each with TensorFlow's own update rule. */
export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rmsprop'),
    decay: share.default(0.9),
    momentum: share.default(0.9),
    /** Inside the root, as TensorFlow has it. */
    epsilon: z.number().positive().max(1).default(1e-3),
  }),
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: share.default(0.9),
    nesterov: z.boolean().default(true),
  }),
  z.strictObject({
    kind: z.literal('adamw'),
    beta1: share.default(0.9),
    beta2: share.default(0.999),
    /** Outside the root. */
    epsilon: z.number().positive().max(1).default(1e-8),
  }),
]);
export type OptimizerRecipe = z.infer<typeof optimizerSchema>;

/** The least and the most, positive and up to `most`. */
function rangeUpTo(most: number) {
  const bound = z.number().positive().max(most);
  return z
    .tuple([bound, bound])
    .refine(([least, highest]) => least <= highest, { message: 'The first number must not be above the second' });
}

/** Here the share is within a thousandth of 0 or 1 for 93 of 100 images. */
const leastMixup = 0.01;

/** How training images are changed: every image by draws of its own, which come from the trial's seed and the step. */
export const augmentationSchema = z.strictObject({
  /** Mirrors half of the images left to right. */
  horizontalFlip: z.boolean().default(false),
  /** Pads by so many black pixels on every side, and cuts the old size out at random (He et al. 2016, section 4.2). */
  cropPadding: z.int().min(0).max(64).default(0),
  /** Cuts out a random part and resizes it to the network's input (Szegedy et al. 2015, section 6). */
  resizedCrop: z
    .strictObject({
      /** Shares of the image's area. */
      area: rangeUpTo(1).default([0.08, 1]),
      /** Width over height. */
      aspectRatio: rangeUpTo(100).default([3 / 4, 4 / 3]),
    })
    .optional(),
  /** So many operations in a row on every image, each drawn anew, all at one magnitude (Cubuk et al. 2020). */
  randAugment: z
    .strictObject({
      operations: z.int().min(1).max(8).default(2),
      /** 0 to 10, the most. 0 leaves an image as it is but for autoContrast, equalize and invert, which have no magnitude. */
      magnitude: z.number().min(0).max(10).default(5),
    })
    .optional(),
  /**
   * Mixes every image and its label with another's by a share drawn from Beta(mixup, mixup) (Zhang et al. 2018): 0.01 or
   * more; 0 is off.
   */
  mixup: z
    .number()
    .min(0)
    .max(100)
    .refine((alpha) => alpha === 0 || alpha >= leastMixup, { message: `Must be 0 or at least ${leastMixup}` })
    .meta({ anyOf: [{ const: 0 }, { minimum: leastMixup }] })
    .default(0),
  /** Replaces a rectangle by noise (Zhong et al. 2020). */
  randomErasing: z
    .strictObject({
      probability: z.number().min(0).max(1).default(0.25),
      /** Shares of the image's area. */
      area: rangeUpTo(1).default([0.02, 1 / 3]),
      /** Height over width. */
      aspectRatio: rangeUpTo(100).default([0.3, 1 / 0.3]),
    })
    .optional(),
});
export type Augmentation = z.infer<typeof augmentationSchema>;

export const learningRateSchedules = ['exponential', 'cosine'] as const;

/**
 * How a candidate is trained. Defaults are the paper's (section 5.2: RMSProp with decay 0.9, momentum 0.9, epsilon 1e-3
 * as in tensorflow/tpu, weight decay 1e-5, learning rate x 0.97 every 2.4 epochs), except for the length and the learning
 * rate, which suit seconds of training on small images instead of 350 epochs of ImageNet. A baseline may have defaults of
 * its own. What belongs to a network (dropout, stochastic depth, batch-norm momentum) is the baseline's: 0.99 in the
 * paper's networks, 0.9 in small ones, whose short trainings would still remember the start.
 */
export const recipeSchema = z
  .strictObject({
    epochs: z.int().min(1).max(1000).default(2),
    /** Ends after so many steps, whatever `epochs` says; the last epoch may be a part of one. */
    steps: z.int().min(1).max(10_000_000).optional(),
    /** Ends after so many multiply-adds of forward passes (MACs x images): small candidates see more images than large ones. */
    macsBudget: z.number().positive().max(1e21).optional(),
    batchSize: z.int().min(1).max(4096).default(32),
    /** Peak learning rate, reached at the end of the warm-up: at this batch size, or at `learningRateBatchSize`. */
    learningRate: z.number().positive().max(10).default(0.008),
    /** The batch size that `learningRate` is meant for; at another one it is scaled in proportion (Goyal et al. 2017). */
    learningRateBatchSize: z.int().min(1).max(65_536).optional(),
    /** Linear from 0 over this many epochs. */
    warmupEpochs: z.number().nonnegative().max(1000).default(0.25),
    /** `cosine` falls from the peak to 0 over the steps that follow the warm-up (Loshchilov & Hutter 2017). */
    learningRateSchedule: z.enum(learningRateSchedules).default('exponential'),
    /** Of the exponential schedule, in stairs. */
    learningRateDecay: z.number().positive().max(1).default(0.97),
    learningRateDecayEpochs: z.number().positive().max(1000).default(2.4),
    optimizer: optimizerSchema.prefault({ kind: 'rmsprop' }),
    /**
     * On all weights but those of batch normalization and biases: L2 in the gradient, or with `adamw` a decay beside it
     * (Loshchilov & Hutter 2019).
     */
    weightDecay: z.number().nonnegative().max(1).default(1e-5),
    labelSmoothing: share.default(0.1),
    /** Largest norm of all gradients together, before weight decay; longer ones are scaled down to it. */
    gradientClipNorm: z.number().positive().max(1e6).optional(),
    /**
     * Share of the old average that a step keeps, at most: early steps keep (1 + step) / (10 + step), as
     * tf.train.ExponentialMovingAverage. Evaluation uses the averaged weights; 0 is off.
     */
    weightAverageDecay: share.default(0),
    augmentation: augmentationSchema.prefault({}),
    /** Shares of the resolution that equal parts of the training run at, as [0.5, 0.75, 1] (Tan & Le 2021, section 4). */
    progressiveResolution: z.array(z.number().min(0.1).max(1)).min(1).max(8).default([1]),
    /** A training whose accuracy over a whole epoch is no better than chance after so many epochs is stopped. */
    stopAtChanceAfterEpochs: z.int().min(1).max(1000).default(5),
    /** Share of the old moving statistics that a step keeps; the baseline's own where absent. */
    batchNormalizationMomentum: share.optional(),
    /** Rate before the classifier; the baseline's own where absent. */
    dropout: share.optional(),
    /** Rate that the last block approaches, growing from 0 over the scaled blocks; the baseline's own where absent. */
    stochasticDepth: share.optional(),
  })
  .refine(({ steps, macsBudget }) => steps === undefined || macsBudget === undefined, {
    path: ['macsBudget'],
    message: 'Give steps or macsBudget, not both',
  })
  .refine(({ augmentation, batchSize }) => augmentation.mixup === 0 || batchSize > 1, {
    path: ['augmentation', 'mixup'],
    message: 'Mixes the images of a batch, so that a batch needs two or more',
  })
  .meta({
    allOf: [
      { not: { required: ['steps', 'macsBudget'] } },
      {
        not: {
          required: ['batchSize', 'augmentation'],
          properties: {
            batchSize: { const: 1 },
            augmentation: { required: ['mixup'], properties: { mixup: { exclusiveMinimum: 0 } } },
          },
        },
      },
    ],
  });
export type Recipe = z.infer<typeof recipeSchema>;
/** A recipe as a person or a baseline writes it; what is left out takes a default. */
export type RecipeInput = z.input<typeof recipeSchema>;

/**
 * What a baseline changes in the general defaults: parts of a recipe, each as a whole. Nothing is filled in, so that what
 * a baseline leaves out stays the general default's.
 */
export const recipeDefaultsSchema = z.looseObject({}).superRefine((defaults, context) => {
  const { error } = recipeSchema.safeParse(defaults);
  for (const { path, message } of error?.issues ?? []) context.addIssue({ code: 'custom', path: [...path], message });
});
