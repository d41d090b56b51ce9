import { z } from 'zod';

import { baselineSchema } from './baseline.ts';
import { multipliersSchema } from './trial.ts';

/** Rounding policies by name; the package scaling says what each does. */
export const roundingPolicyNames = [
  'tensorflow',
  'torchvision',
  'tinynet',
  'lite',
  'pycls',
  'efficientnet-v2',
  'keras-mobilenet',
] as const;
export type RoundingPolicyName = (typeof roundingPolicyNames)[number];

/** Strategies by name: how a growth in cost is shared out among depth, width and resolution. */
export const strategyNames = [
  'efficientnet',
  'uniform',
  'fast',
  'depth-only',
  'width-only',
  'resolution-only',
] as const;
export type StrategyName = (typeof strategyNames)[number];

/** Scaling coefficients of EfficientNet, equation 3: alpha for depth, beta for width, gamma for resolution. */
export const scalingCoefficientsSchema = z.strictObject({ alpha: z.number(), beta: z.number(), gamma: z.number() });
export type ScalingCoefficients = z.infer<typeof scalingCoefficientsSchema>;

/** Shares of depth, width and resolution in a growth of cost; they sum to 1. */
export const sharesSchema = z.strictObject({ depth: z.number(), width: z.number(), resolution: z.number() });

const batchSchema = z.int().min(1).max(65_536);

/** What may differ from the baseline beside its scale. */
const variationFields = {
  classes: z.int().min(1).max(1_000_000).optional(),
  inputChannels: z.int().min(1).max(1024).optional(),
  /** The baseline's own policy where absent. */
  rounding: z.enum(roundingPolicyNames).optional(),
  channelDivisor: z.int().min(1).max(1024).optional(),
  resolutionStep: z.int().min(1).max(1024).optional(),
  repeats: z.enum(['ceil', 'round']).optional(),
  /** Adds the memory that training holds at so many images a step. */
  batch: batchSchema.optional(),
} as const;

function anyOfThese(fields: readonly string[]) {
  return { anyOf: fields.map((field) => ({ required: [field] })) };
}

/**
 * A network whose cost is asked for: a baseline times multipliers, a baseline grown by a strategy, or a published network.
 */
export const networkRequestSchema = z
  .strictObject({
    /** A name of GET /v1/baselines, or a description as GET /v1/schemas/network says. */
    baseline: baselineSchema.optional(),
    /** A name of GET /v1/published-networks, instead of multipliers. */
    published: z.string().min(1).max(100).optional(),
    depth: z.number().optional(),
    width: z.number().optional(),
    /** Pixels of height and width (frames stay), or all sides: [height, width] or [frames, height, width]. */
    resolution: z.union([z.int(), z.array(z.int()).min(2).max(3)]).optional(),
    /** Multiplies the sides of the baseline's input; `resolution` replaces it. */
    resolutionMultiplier: z.number().optional(),
    /** Depth, width and resolution by a strategy's name or by shares of one's own, with `target`. */
    strategy: z.union([z.enum(strategyNames), sharesSchema]).optional(),
    /** The factor by which the strategy lets the cost grow; below 1 it shrinks. */
    target: z.number().optional(),
    /** Against which the effective phi is told. */
    coefficients: scalingCoefficientsSchema.default({ alpha: 1.2, beta: 1.1, gamma: 1.15 }),
    ...variationFields,
    /** Adds the cost of every layer. */
    layers: z.boolean().default(false),
  })
  .meta({
    anyOf: [{ required: ['baseline'] }, { required: ['published'] }],
    dependentRequired: { strategy: ['target'], target: ['strategy'] },
    allOf: [
      { not: { required: ['published'], ...anyOfThese(['depth', 'width', 'resolutionMultiplier', 'strategy']) } },
      { not: { required: ['strategy'], ...anyOfThese(['depth', 'width', 'resolutionMultiplier']) } },
    ],
  });
/** A request with every default filled in. */
export type NetworkRequest = z.infer<typeof networkRequestSchema>;
/** A request as a person writes it. */
export type NetworkRequestInput = z.input<typeof networkRequestSchema>;

/** A family whose costs are asked for: a baseline scaled with the same coefficients to every phi. */
export const familyRequestSchema = z.strictObject({
  baseline: baselineSchema,
  ...scalingCoefficientsSchema.shape,
  /** Any real numbers, negative ones included; 0 is the baseline itself. */
  phi: z.array(z.number()).min(1).max(100),
  ...variationFields,
});
/** A request with every default filled in. */
export type FamilyRequest = z.infer<typeof familyRequestSchema>;
/** A request as a person writes it. */
export type FamilyRequestInput = z.input<typeof familyRequestSchema>;

const counts = z.array(z.int());
const bytes = z.int();

/** Bytes that training in single precision holds at the least. */
export const trainingMemorySchema = z.object({
  weights: bytes,
  gradients: bytes,
  optimizer: bytes,
  weightAverage: bytes,
  activations: bytes,
  total: bytes,
});

/** A network in one row; everything is exact and for one image. */
export const networkRowSchema = z.object({
  baseline: z.string(),
  policy: z.string(),
  /** As asked for, before rounding. */
  multipliers: multipliersSchema,
  /** Sides of the input: [height, width] or [frames, height, width]. */
  resolution: counts,
  classes: z.int(),
  /** Blocks of every stage. */
  repeats: counts,
  /** [stem, stages..., head]. */
  channels: counts,
  /** Trainable. */
  parameters: z.int(),
  /** And batch normalization's moving means and variances. */
  parametersWithStatistics: z.int(),
  /** Multiply-adds of convolutions and dense layers, without biases. */
  macs: z.int(),
  macsWithBias: z.int(),
  flops: z.int(),
  /** Outputs of convolutions, dense layers and max pooling. */
  activations: z.int(),
  /** Values that inference holds. */
  inference: z.object({ largestOperation: z.int(), peak: z.int() }),
  /** Bytes that inference on one image holds. */
  inferenceMemory: bytes,
  receptiveField: counts,
  outputStride: counts,
  /** Sides of the map before the global pooling. */
  finalMap: counts,
  fingerprint: z.string(),
  /** Sentences: a depth that rounding left unchanged, a final map of one pixel. */
  notes: z.array(z.string()),
  /** Where a batch was given. */
  trainingMemory: trainingMemorySchema.optional(),
});
export type NetworkRow = z.infer<typeof networkRowSchema>;

/** One layer's share of the cost. */
export const layerRowSchema = z.object({
  name: z.string(),
  kind: z.string(),
  /** Sides and channels: [height, width, channels], or [channels] after the pooling. */
  outputShape: counts,
  parameters: z.int(),
  macs: z.int(),
  activations: z.int(),
});

const phi = z.number().nullable();

/** A network's cost in sum and, where asked for, layer by layer. */
export const networkAnswerSchema = networkRowSchema.extend({
  /** Where the network lies on the formula by each measure alone; null where a coefficient of 1 fixes nothing. */
  effectivePhi: z.object({ depth: phi, width: phi, resolution: phi, macs: phi }),
  layers: z.array(layerRowSchema).optional(),
});
export type NetworkAnswer = z.infer<typeof networkAnswerSchema>;

/** A member of a family; `macsRatio` is exact, over the baseline at phi = 0. */
export const familyMemberSchema = networkRowSchema.extend({ phi: z.number(), macsRatio: z.number() });
export type FamilyMember = z.infer<typeof familyMemberSchema>;

/** A network as its authors published it, which no phi of the formula gives. */
export const publishedNetworkSchema = z.object({
  name: z.string(),
  baseline: z.string(),
  policy: z.string(),
  depth: z.number(),
  width: z.number(),
  /** Pixels of height and width. */
  resolution: z.int(),
  dropoutRate: z.number(),
  parameters: z.int(),
  macs: z.int(),
});
export type PublishedNetworkView = z.infer<typeof publishedNetworkSchema>;
