import { CompoundSearchError, type ScalingCoefficients } from '@compound-search/contracts';
import {
  countsAtResolution,
  type CountsOfChannels,
  countsOfChannels,
  countsWithRepeats,
  scaleBaseline,
  type ScaledArchitecture,
} from '@compound-search/networks';
import { multipliers, unscaled } from '@compound-search/scaling';

import type { Scaling } from './scaled-levels.ts';

/** The network that a point becomes. */
export interface SizedNetwork {
  readonly point: ScalingCoefficients;
  /** Equal for points that become the same network. */
  readonly key: string;
  /** Exact multiply-adds over those of the baseline. */
  readonly ratio: number;
}

/**
 * Costs the networks of points, each network once; undefined for a point whose network is too large to be costed.
 *
 * @throws CompoundSearchError NETWORK_INVALID where the baseline itself cannot be built.
 */
export function macsRatios({ baseline, scaling }: Scaling): (point: ScalingCoefficients) => SizedNetwork | undefined {
  const ofChannels = new Map<string, CountsOfChannels>();
  const known = new Map<string, number>();
  const macsOf = (architecture: ScaledArchitecture): number => {
    const { channels, resolution, repeats } = architecture;
    const key = channels.join();
    const counts = ofChannels.get(key) ?? countsOfChannels(architecture);
    ofChannels.set(key, counts);
    return countsWithRepeats(countsAtResolution(counts, resolution), repeats).macs;
  };
  const reference = macsOf(scaleBaseline(baseline, unscaled, scaling));
  return (point) => {
    const architecture = buildable(() => scaleBaseline(baseline, multipliers(point, 1), scaling));
    if (architecture === undefined) return undefined;
    const { repeats, channels, resolution } = architecture;
    const key = [repeats, channels, resolution].map((sizes) => sizes.join()).join(';');
    const ratio = known.get(key) ?? macsOf(architecture) / reference;
    known.set(key, ratio);
    return { point, key, ratio };
  };
}

function buildable(scale: () => ScaledArchitecture): ScaledArchitecture | undefined {
  try {
    return scale();
  } catch (error) {
    if (error instanceof CompoundSearchError && error.code === 'NETWORK_INVALID') return undefined;
    throw error;
  }
}
