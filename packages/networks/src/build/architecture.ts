import {
  type Multipliers,
  requirePositive,
  type RoundingOverrides,
  type RoundingPolicy,
  roundingPolicy,
  type RoundingPolicyName,
  scaleChannels,
  scaleHead,
  scaleRepeats,
  scaleSide,
  scaleStem,
} from '@compound-search/scaling';

import { channelUnit, type StageDescription } from '../blocks/block-kinds.ts';
import type { NetworkDescription } from '../description/description.ts';
import { networkFault } from '../description/network-fault.ts';
import type { FeatureShape } from '../layers/layer.ts';

/** What may differ from the baseline apart from the multipliers. */
export interface ScalingOptions {
  /** @defaultValue the baseline's own policy, which alone its channel divisor belongs to */
  readonly policy?: RoundingPolicyName | undefined;
  /** Changes to the policy: channel divisor, resolution step, rounding of repeats. */
  readonly rounding?: RoundingOverrides | undefined;
  /** The input before scaling: channels, and sides as [height, width] or [frames, height, width]. */
  readonly input?:
    { readonly channels?: number | undefined; readonly spatial?: readonly number[] | undefined } | undefined;
  readonly classes?: number | undefined;
  /** The input after scaling: pixels of height and width (frames stay scaled), or all sides. Replaces the multiplier. */
  readonly resolution?: number | readonly number[] | undefined;
  readonly dropoutRate?: number | undefined;
  readonly stochasticDepthRate?: number | undefined;
  /** Share of the old moving statistics that batch normalization keeps in a step. */
  readonly normalizationMomentum?: number | undefined;
}

/** Something the user should know about a scaled network. */
export interface ScalingNote {
  readonly code: 'DEPTH_UNCHANGED';
  readonly message: string;
}

/** A baseline with all its numbers resolved: what a network is built from. */
export interface ScaledArchitecture {
  readonly baseline: NetworkDescription;
  readonly multipliers: Multipliers;
  readonly policy: RoundingPolicy;
  readonly input: FeatureShape;
  /** Sides of the input, [height, width] or [frames, height, width]. */
  readonly resolution: readonly number[];
  readonly classes: number;
  readonly stem: number;
  readonly stages: readonly number[];
  /** Absent where the baseline has no convolution before its pooling. */
  readonly head: number | undefined;
  /** [stem, stages..., head] in one list. */
  readonly channels: readonly number[];
  /** Blocks of every stage. */
  readonly repeats: readonly number[];
  readonly dropoutRate: number;
  readonly stochasticDepthRate: number;
  readonly normalization: { readonly momentum: number; readonly epsilon: number };
  readonly notes: readonly ScalingNote[];
}

/** More blocks than any published network by an order of magnitude; above it a request would only take time. */
const maximumBlocks = 4096;
const maximumChannels = 1_048_576;
const maximumSide = 65_536;

/**
 * Scales a baseline by any multipliers: repeats, channels and input sides as whole numbers, rounded by the policy.
 *
 * @throws CompoundSearchError `COEFFICIENT_INVALID` where a multiplier is not positive, `NETWORK_INVALID` where the
 * result is larger than what can be costed.
 */
export function scaleBaseline(
  baseline: NetworkDescription,
  multipliers: Multipliers,
  options: ScalingOptions = {},
): ScaledArchitecture {
  requirePositive(multipliers.depth, 'depth');
  requirePositive(multipliers.width, 'width');
  requirePositive(multipliers.resolution, 'resolution');
  const policy = effectivePolicy(baseline, options);
  const counts = baseline.stages.map((stage) => stage.repeats);
  const repeats = scaleRepeats(counts, multipliers.depth, policy);
  const stem = scaleStem(baseline.stem.channels, multipliers.width, policy);
  const stages = baseline.stages.map((stage, index) => scaleStage(stage, `stages.${index}`, multipliers.width, policy));
  const head = scaledHead(baseline, stages, multipliers.width, policy);
  const spatial = scaledSpatial(baseline, multipliers.resolution, { policy, options });
  const architecture = {
    baseline,
    multipliers,
    policy,
    input: { spatial, channels: options.input?.channels ?? baseline.input.channels },
    resolution: spatial,
    classes: options.classes ?? baseline.classes,
    stem,
    stages,
    head,
    channels: head === undefined ? [stem, ...stages] : [stem, ...stages, head],
    repeats,
    dropoutRate: options.dropoutRate ?? baseline.regularization.dropoutRate,
    stochasticDepthRate: options.stochasticDepthRate ?? baseline.regularization.stochasticDepthRate,
    normalization: {
      momentum: options.normalizationMomentum ?? baseline.normalization.momentum,
      epsilon: baseline.normalization.epsilon,
    },
    notes: depthNotes({ counts, repeats, depth: multipliers.depth, policy }),
  };
  requireBounds(architecture);
  return architecture;
}

function effectivePolicy(baseline: NetworkDescription, { policy, rounding }: ScalingOptions): RoundingPolicy {
  const name = policy ?? baseline.rounding.policy;
  const own: RoundingOverrides = name === baseline.rounding.policy ? baseline.rounding : {};
  return roundingPolicy(name, {
    channelDivisor: rounding?.channelDivisor ?? own.channelDivisor,
    resolutionStep: rounding?.resolutionStep ?? own.resolutionStep,
    repeats: rounding?.repeats ?? own.repeats,
  });
}

function scaleStage(stage: StageDescription, path: string, width: number, policy: RoundingPolicy): number {
  const unit = channelUnit(stage);
  if (stage.channels % unit !== 0) {
    throw networkFault(
      `${path}.channels`,
      stage.channels,
      `The stage has ${stage.channels} channels, but this ${stage.block} block takes multiples of ${unit}.`,
      `Give channels as a multiple of ${unit}.`,
    );
  }
  return scaleChannels(stage.channels / unit, width, policy.channels) * unit;
}

function scaledHead(
  baseline: NetworkDescription,
  stages: readonly number[],
  width: number,
  policy: RoundingPolicy,
): number | undefined {
  if (baseline.head === undefined) return undefined;
  const lastStage = baseline.stages.at(-1)?.channels ?? baseline.stem.channels;
  const channels = {
    head: baseline.head.channels,
    neverShrinks: baseline.head.neverShrinks ?? false,
    lastStage,
    scaledLastStage: stages.at(-1) ?? lastStage,
  };
  return scaleHead(channels, width, policy);
}

function scaledSpatial(
  baseline: NetworkDescription,
  multiplier: number,
  { policy, options }: { policy: RoundingPolicy; options: ScalingOptions },
): readonly number[] {
  const { resolution } = options;
  if (typeof resolution === 'object') return resolution;
  const sides = options.input?.spatial ?? baseline.input.spatial;
  return sides.map((side, axis) => {
    const isFrames = axis < sides.length - 2;
    return resolution !== undefined && !isFrames ? resolution : scaleSide(side, multiplier, policy.resolution);
  });
}

function depthNotes(scaled: {
  counts: readonly number[];
  repeats: readonly number[];
  depth: number;
  policy: RoundingPolicy;
}): ScalingNote[] {
  const { counts, repeats, depth, policy } = scaled;
  if (depth === 1 || repeats.some((count, index) => count !== counts[index])) return [];
  const rounded = scaleRepeats(counts, depth, { ...policy, repeats: 'round' });
  const alternative = policy.repeats === 'ceil' ? `; "round" would give ${rounded.join(', ')}` : '';
  return [
    {
      code: 'DEPTH_UNCHANGED',
      message: `A depth of ${Number(depth.toPrecision(4))} changes no number of blocks: ${policy.repeats} leaves ${counts.join(', ')}${alternative}.`,
    },
  ];
}

function requireBounds(architecture: Omit<ScaledArchitecture, 'notes'>): void {
  const blocks = architecture.repeats.reduce((sum, count) => sum + count, 0);
  const within = (field: string, value: number, maximum: number): void => {
    if (Number.isSafeInteger(value) && value >= 1 && value <= maximum) return;
    throw networkFault(
      field,
      value,
      `The scaled network's ${field} would be ${value}; whole numbers from 1 to ${maximum} can be costed.`,
      'Scale less, or start from another baseline.',
    );
  };
  within('depth', blocks, maximumBlocks);
  for (const channels of architecture.channels) within('width', channels, maximumChannels);
  for (const side of architecture.resolution) within('resolution', side, maximumSide);
  within('classes', architecture.classes, maximumChannels);
  within('input.channels', architecture.input.channels, maximumChannels);
  requireAxes(architecture);
}

function requireAxes({ resolution, baseline }: Omit<ScaledArchitecture, 'notes'>): void {
  const axes = baseline.input.spatial.length;
  if (resolution.length === axes) return;
  throw networkFault(
    'resolution',
    resolution,
    `The network has ${axes} axes and the input ${resolution.length}.`,
    `Give ${axes === 2 ? '[height, width]' : '[frames, height, width]'}.`,
  );
}
