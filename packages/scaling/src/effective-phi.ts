import type { Multipliers, ScalingCoefficients } from '@compound-search/contracts';

import { formulaCost, requirePositive } from './multipliers.ts';

/** What is known of a scaled network apart from its coefficients. */
export interface ScaledMeasures extends Multipliers {
  /** Exact MACs over the baseline's. */
  readonly macsRatio: number;
}

/** The phi at which each single measure would lie on the formula; null where its coefficient is 1 and fixes nothing. */
export interface EffectivePhi {
  readonly depth: number | null;
  readonly width: number | null;
  readonly resolution: number | null;
  readonly macs: number | null;
}

/** How much cost one unit of phi stands for. */
export interface PhiBase {
  /**
   * Cost factor of one phi.
   *
   * @defaultValue 2, the paper's target
   */
  readonly costFactor?: number;
}

/**
 * Where a network lies on the formula by depth, width, resolution and MACs. For the published B7 (3.1, 2.0, 600 pixels)
 * and the paper's coefficients: 6.21, 7.27, 7.05 and 6.61, since B1 to B7 were rounded by hand (tensorflow/tpu 390).
 *
 * @throws CompoundSearchError `COEFFICIENT_INVALID` where a measure or coefficient is not positive.
 */
export function effectivePhi(
  measures: ScaledMeasures,
  coefficients: ScalingCoefficients,
  { costFactor = 2 }: PhiBase = {},
): EffectivePhi {
  const phi = (value: number, base: number, field: string): number | null => {
    requirePositive(value, field);
    requirePositive(base, field);
    return base === 1 ? null : Math.log(value) / Math.log(base);
  };
  return {
    depth: phi(measures.depth, coefficients.alpha, 'depth'),
    width: phi(measures.width, coefficients.beta, 'width'),
    resolution: phi(measures.resolution, coefficients.gamma, 'resolution'),
    macs: phi(measures.macsRatio, costFactor, 'macsRatio'),
  };
}

/** The phi at which the formula predicts a cost factor; null where the coefficients leave the cost unchanged. */
export function phiForCost(factor: number, coefficients: ScalingCoefficients): number | null {
  const perPhi = formulaCost(coefficients);
  return perPhi === 1 ? null : Math.log(requirePositive(factor, 'factor')) / Math.log(perPhi);
}
