import { recipeDefaultsSchema } from '@compound-search/contracts';
import { roundingPolicyNames } from '@compound-search/scaling';
import { z } from 'zod';

import { stageSchema } from '../blocks/block-kinds.ts';
import type { Immutable } from './immutable.ts';
import { activationSchema, channelsSchema, extentSchema, paddingSchema } from './stage-schema.ts';

const sideSchema = z.int().min(1).max(16_384);
const rateSchema = z.number().min(0).lt(1);

/**
 * A network as data: what a baseline file holds and what a user posts. Sizes are bounded so that no description can
 * keep the service busy; nothing is filled in, so a round trip through JSON changes nothing.
 */
export const networkDescriptionSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/u)
    .describe('Lower-case letters, digits, dots and hyphens.'),
  summary: z.string().max(1000).describe('What the network is and where it comes from.'),
  input: z.strictObject({
    spatial: z.array(sideSchema).min(2).max(3).describe('[height, width] or [frames, height, width].'),
    channels: z.int().min(1).max(1024),
  }),
  classes: z.int().min(1).max(1_000_000),
  activation: activationSchema.describe('After every convolution that has one, unless a stage says otherwise.'),
  normalization: z.strictObject({
    momentum: z.number().gt(0).lt(1).describe('Share of the old moving statistics that a step keeps.'),
    epsilon: z.number().gt(0).max(1),
  }),
  convolutionBias: z.boolean().optional().describe('Biases on all convolutions, though batch normalization follows.'),
  stem: z.strictObject({
    channels: channelsSchema,
    kernel: extentSchema,
    stride: extentSchema,
    padding: paddingSchema.optional().describe('Zeros on each side. Default: SAME, out = ceil(in / stride).'),
    activation: activationSchema.optional(),
    pooling: z.strictObject({ kernel: extentSchema, stride: extentSchema }).optional().describe('Max pooling.'),
  }),
  stages: z.array(stageSchema).min(1).max(64),
  head: z
    .strictObject({
      channels: channelsSchema.describe('Of the 1x1 convolution before pooling.'),
      neverShrinks: z.boolean().optional().describe('A width below 1 leaves the head as it is (MobileNetV2).'),
    })
    .optional(),
  rounding: z.strictObject({
    policy: z.enum(roundingPolicyNames),
    channelDivisor: z.int().min(1).max(1024).optional(),
    resolutionStep: z.int().min(1).max(1024).optional(),
    repeats: z.enum(['ceil', 'round']).optional(),
  }),
  recipe: recipeDefaultsSchema
    .optional()
    .describe("Parts of a search's recipe that this network takes by default, as published for it."),
  regularization: z.strictObject({
    dropoutRate: rateSchema.describe('Before the classifier.'),
    stochasticDepthRate: rateSchema.describe('Approached by the last block; block i of n drops with rate * i / n.'),
  }),
});

/** A network as data: input, stem, stages of blocks, head, and the defaults for rounding and regularization. */
export type NetworkDescription = Immutable<z.infer<typeof networkDescriptionSchema>>;
