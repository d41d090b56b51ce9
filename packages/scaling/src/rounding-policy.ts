import type { RoundingPolicyName } from '@compound-search/contracts';

import { ceilProduct, floorProduct, roundHalfEven, roundHalfUp } from './numeric.ts';

/** How channels become integers: multiples of `divisor`, never below `minimum`. */
export interface ChannelRounding {
  readonly divisor: number;
  readonly minimum: number;
  readonly ties: 'up' | 'even' | 'truncate';
  /** Where rounding would leave less than this share of the exact value, one `divisor` is added (the 90 % rule). */
  readonly smallestShare?: number;
}

/** How repeats of a stage become integers, at least 1. */
export type RepeatRounding = 'ceil' | 'round';

/** How sides of the input become integers: multiples of `step`, at least one step. */
export interface ResolutionRounding {
  readonly step: number;
  readonly ties: 'up' | 'even' | 'truncate';
}

/** What a policy does with the channels of the head, which sources treat differently from those of stages. */
export type HeadScaling = 'scaled' | 'fixed' | 'never-shrinks' | 'follows-last-stage';

/** Everything that turns multipliers into integers; sources differ in each of these. */
export interface RoundingPolicy {
  readonly name: string;
  /** Where this set of rules comes from and how it differs from `tensorflow`. */
  readonly summary: string;
  readonly channels: ChannelRounding;
  readonly repeats: RepeatRounding;
  /** Repeats of the first and of the last stage stay as they are. */
  readonly fixedFirstAndLastStage: boolean;
  readonly stem: 'scaled' | 'fixed';
  readonly head: HeadScaling;
  readonly resolution: ResolutionRounding;
}

const multiplesOf8: ChannelRounding = { divisor: 8, minimum: 8, ties: 'up', smallestShare: 0.9 };
const wholePixels: ResolutionRounding = { step: 1, ties: 'up' };

const tensorflow = {
  name: 'tensorflow',
  summary:
    'EfficientNet reference code (tensorflow/tpu): channels to the nearest multiple of 8, one more where that loses over 10 %; ceil of repeats; stem and head scaled.',
  channels: multiplesOf8,
  repeats: 'ceil',
  fixedFirstAndLastStage: false,
  stem: 'scaled',
  head: 'scaled',
  resolution: wholePixels,
} as const satisfies RoundingPolicy;

/** The rounding policies by name. */
export const roundingPolicies = {
  tensorflow,
  torchvision: {
    ...tensorflow,
    name: 'torchvision',
    summary: 'torchvision: as tensorflow, but the head keeps its ratio to the rounded last stage (four times, in B0).',
    head: 'follows-last-stage',
  },
  tinynet: {
    ...tensorflow,
    name: 'tinynet',
    summary:
      'TinyNet (timm and its authors): repeats rounded half to even with at least 1, stem fixed, head never below its own width, resolution truncated.',
    repeats: 'round',
    stem: 'fixed',
    head: 'never-shrinks',
    resolution: { step: 1, ties: 'truncate' },
  },
  lite: {
    ...tensorflow,
    name: 'lite',
    summary: 'EfficientNet-Lite (fix_head_stem): stem, head and the repeats of the first and last stage are fixed.',
    fixedFirstAndLastStage: true,
    stem: 'fixed',
    head: 'fixed',
  },
  pycls: {
    ...tensorflow,
    name: 'pycls',
    summary:
      'pycls model scaler: repeats, channels (multiples of 8) and resolution (multiples of 4) rounded half to even, no 90 % rule.',
    channels: { divisor: 8, minimum: 8, ties: 'even' },
    repeats: 'round',
    resolution: { step: 4, ties: 'even' },
  },
  'efficientnet-v2': {
    ...tensorflow,
    name: 'efficientnet-v2',
    summary: 'EfficientNetV2 reference code (google/automl): as tensorflow without the 90 % rule.',
    channels: { divisor: 8, minimum: 8, ties: 'up' },
  },
  'keras-mobilenet': {
    ...tensorflow,
    name: 'keras-mobilenet',
    summary: 'MobileNetV1 in Keras: channels truncated to an integer, no multiple; the rest as tensorflow.',
    channels: { divisor: 1, minimum: 1, ties: 'truncate' },
  },
} as const satisfies Record<RoundingPolicyName, RoundingPolicy>;

/** What a baseline or a caller may change in a policy. */
export interface RoundingOverrides {
  /** Channels become multiples of this; also the new minimum. */
  readonly channelDivisor?: number | undefined;
  /** Sides of the input become multiples of this. */
  readonly resolutionStep?: number | undefined;
  /** `round` lets a network shrink in depth where `ceil` would leave it unchanged. */
  readonly repeats?: RepeatRounding | undefined;
}

/** The policy of that name with `overrides` put in. */
export function roundingPolicy(name: RoundingPolicyName, overrides: RoundingOverrides = {}): RoundingPolicy {
  const policy: RoundingPolicy = roundingPolicies[name];
  const { channelDivisor, resolutionStep, repeats } = overrides;
  return {
    ...policy,
    ...(channelDivisor === undefined
      ? {}
      : { channels: { ...policy.channels, divisor: channelDivisor, minimum: channelDivisor } }),
    ...(resolutionStep === undefined ? {} : { resolution: { ...policy.resolution, step: resolutionStep } }),
    ...(repeats === undefined ? {} : { repeats }),
  };
}

function roundToMultiple(value: number, multiple: number, ties: ChannelRounding['ties']): number {
  if (ties === 'even') return roundHalfEven(value / multiple) * multiple;
  if (ties === 'truncate') return floorProduct(value / multiple) * multiple;
  return roundHalfUp(value / multiple) * multiple;
}

/**
 * Channels times `width`, rounded. A width of exactly 1 changes nothing, so phi = 0 is the baseline itself even where
 * its channels are no multiples of the divisor.
 */
export function scaleChannels(channels: number, width: number, rounding: ChannelRounding): number {
  if (width === 1) return channels;
  const exact = channels * width;
  const rounded = Math.max(rounding.minimum, roundToMultiple(exact, rounding.divisor, rounding.ties));
  const tooSmall = rounding.smallestShare !== undefined && rounded < rounding.smallestShare * exact;
  return tooSmall ? rounded + rounding.divisor : rounded;
}

/** Repeats of every stage times `depth`, each at least 1. */
export function scaleRepeats(repeats: readonly number[], depth: number, policy: RoundingPolicy): number[] {
  return repeats.map((count, index) => {
    const atAnEnd = index === 0 || index === repeats.length - 1;
    if (depth === 1 || (policy.fixedFirstAndLastStage && atAnEnd)) return count;
    return Math.max(1, policy.repeats === 'ceil' ? ceilProduct(count * depth) : roundHalfEven(count * depth));
  });
}

/** Channels of the stem times `width`, where the policy scales the stem. */
export function scaleStem(channels: number, width: number, policy: RoundingPolicy): number {
  return policy.stem === 'fixed' ? channels : scaleChannels(channels, width, policy.channels);
}

/** The head's channels in the baseline, and the last stage's before and after scaling. */
export interface HeadChannels {
  readonly head: number;
  /** The baseline's own rule: its head never shrinks (MobileNetV2), whatever the policy scales. */
  readonly neverShrinks: boolean;
  readonly lastStage: number;
  readonly scaledLastStage: number;
}

/** Channels of the head times `width`, as the policy treats a head. */
export function scaleHead(channels: HeadChannels, width: number, policy: RoundingPolicy): number {
  if (policy.head === 'fixed' || width === 1) return channels.head;
  if (channels.neverShrinks || policy.head === 'never-shrinks') {
    return scaleChannels(channels.head, Math.max(1, width), policy.channels);
  }
  if (policy.head === 'follows-last-stage') {
    return Math.max(1, roundHalfUp((channels.head * channels.scaledLastStage) / channels.lastStage));
  }
  return scaleChannels(channels.head, width, policy.channels);
}

/** One side of the input (pixels or frames) times `resolution`, rounded. A multiplier of exactly 1 changes nothing. */
export function scaleSide(side: number, resolution: number, rounding: ResolutionRounding): number {
  if (resolution === 1) return side;
  return Math.max(rounding.step, roundToMultiple(side * resolution, rounding.step, rounding.ties));
}
