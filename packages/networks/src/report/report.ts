import {
  type EffectivePhi,
  effectivePhi,
  findPublishedNetwork,
  type Multipliers,
  type ScalingCoefficients,
  unscaled,
} from '@compound-search/scaling';

import { findBaseline } from '../baselines/baselines.ts';
import { scaleBaseline, type ScaledArchitecture, type ScalingOptions } from '../build/architecture.ts';
import { type NetworkTotals, summarizeNetwork } from '../cost/cost.ts';

/** One network in one row: what was resolved, what it costs, and what to know about it. */
export interface NetworkReport extends Omit<NetworkTotals, 'warnings'> {
  readonly baseline: string;
  readonly policy: string;
  readonly multipliers: Multipliers;
  /** Sides of the input, [height, width] or [frames, height, width]. */
  readonly resolution: readonly number[];
  readonly classes: number;
  readonly repeats: readonly number[];
  /** [stem, stages..., head]. */
  readonly channels: readonly number[];
  readonly fingerprint: string;
  /** Sentences: a depth that rounding left unchanged, a final map of one pixel. */
  readonly notes: readonly string[];
}

/**
 * A scaled architecture and its exact cost in one flat row.
 *
 * @throws CompoundSearchError `NETWORK_INVALID` where the architecture cannot be built.
 */
export function reportNetwork(architecture: ScaledArchitecture): NetworkReport {
  const { totals, fingerprint } = summarizeNetwork(architecture);
  const { warnings, ...counts } = totals;
  return {
    baseline: architecture.baseline.name,
    policy: architecture.policy.name,
    multipliers: architecture.multipliers,
    resolution: architecture.resolution,
    classes: architecture.classes,
    repeats: architecture.repeats,
    channels: architecture.channels,
    ...counts,
    fingerprint,
    notes: [...architecture.notes, ...warnings].map((note) => note.message),
  };
}

/**
 * A published network, scaled as its authors did: not what the formula gives for any phi.
 *
 * @throws CompoundSearchError `UNKNOWN_BASELINE` where no published network has that name.
 */
export function scalePublished(name: string, options: ScalingOptions = {}): ScaledArchitecture {
  const { baseline, policy, depth, width, resolution, dropoutRate } = findPublishedNetwork(name);
  const description = findBaseline(baseline);
  const ratio = resolution / (description.input.spatial.at(-1) ?? resolution);
  const scale = { depth, width, resolution: ratio };
  return scaleBaseline(description, scale, { policy, resolution, dropoutRate, ...options });
}

/**
 * Where an architecture lies on the formula by depth, width, resolution and exact MACs, against its own baseline.
 *
 * @throws CompoundSearchError `NETWORK_INVALID` where the architecture or its baseline cannot be built.
 */
export function effectivePhiOf(architecture: ScaledArchitecture, coefficients: ScalingCoefficients): EffectivePhi {
  const { baseline, multipliers: scale, classes, input } = architecture;
  const sameTask = { classes, input: { channels: input.channels } };
  const base = summarizeNetwork(scaleBaseline(baseline, unscaled, sameTask)).totals;
  const resolution = (architecture.resolution.at(-1) ?? 1) / (baseline.input.spatial.at(-1) ?? 1);
  const macsRatio = summarizeNetwork(architecture).totals.macs / base.macs;
  return effectivePhi({ depth: scale.depth, width: scale.width, resolution, macsRatio }, coefficients);
}
