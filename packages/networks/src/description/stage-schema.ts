import { z } from 'zod';

import { activationFunctions } from '../layers/layer.ts';

/** A kernel or stride: one number for all axes, or one per axis. */
export const extentSchema = z.union([z.int().min(1).max(64), z.array(z.int().min(1).max(64)).min(2).max(3)]);
/** A kernel or stride: one number for all axes, or one per axis. */
export type Extent = number | readonly number[];

const zerosSchema = z.int().min(0).max(64);
/** Zeros on each side of a map: one number for all axes, or one per axis. */
export const paddingSchema = z.union([zerosSchema, z.array(zerosSchema).min(2).max(3)]);

export const channelsSchema = z.int().min(1).max(65_536);
export const activationSchema = z.enum(activationFunctions);

/** Squeeze channels as a share of the block's input channels, at least 1. */
export const squeezeExcitationSchema = z.number().gt(0).max(16);

/** Channels of the expansion over the block's input channels. */
export const expansionSchema = z.number().gt(0).max(64);

/**
 * What is added to a block's output. `where-equal`: the input, where the block keeps its shape, else nothing.
 * `where-unstrided`: nothing where the block strides, a 1x1 projection where channels differ. `projection`: a 1x1
 * projection wherever shapes differ. `padded`: every stride-th position with new channels zero, where shapes differ.
 * `identity`: the input, always, so shapes must be equal. `none`: nothing.
 */
export const shortcuts = ['where-equal', 'where-unstrided', 'projection', 'padded', 'identity', 'none'] as const;
export const shortcutSchema = z.enum(shortcuts);
export type ShortcutRule = (typeof shortcuts)[number];

/** What every stage has, whatever its blocks are. */
export const commonStageFields = {
  repeats: z.int().min(1).max(1000),
  channels: channelsSchema.describe('Of every block of the stage at its output.'),
  stride: extentSchema.describe('Of the first block; the others have stride 1.'),
  activation: activationSchema.optional(),
} as const;
