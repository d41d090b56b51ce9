import type { ScaledNetwork } from '@compound-search/contracts';

import type { ScaledArchitecture } from '../build/architecture.ts';
import type { NetworkTotals } from './cost.ts';

/** A scaled network as it is told of: its sizes, and its exact cost beside the baseline's multiply-adds. */
export function describeScaled(
  architecture: ScaledArchitecture,
  { parameters, macs, activations }: NetworkTotals,
  baselineMacs: number,
): ScaledNetwork {
  const { multipliers, resolution, repeats, channels } = architecture;
  return {
    multipliers: { ...multipliers },
    resolution: [...resolution],
    repeats: [...repeats],
    channels: [...channels],
    parameters,
    macs,
    macsRatio: macs / baselineMacs,
    activations,
  };
}
