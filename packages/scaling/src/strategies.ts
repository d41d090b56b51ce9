import {
  CompoundSearchError,
  type Multipliers,
  type ScalingCoefficients,
  type StrategyName,
} from '@compound-search/contracts';

import { type CostExponents, imageCostExponents, requirePositive } from './multipliers.ts';

/**
 * How a growth in cost by a factor s is shared out: depth, width and resolution each take s to the power of their share.
 * Shares sum to 1. The notation is that of Dollar, Singh and Girshick (arXiv 2103.06877).
 */
export interface Shares {
  readonly depth: number;
  readonly width: number;
  readonly resolution: number;
}

/** The coefficients that the paper found for B0 (section 3.3). */
export const efficientnetCoefficients: ScalingCoefficients = { alpha: 1.2, beta: 1.1, gamma: 1.15 };

/** How far a sum of shares may miss 1: the rounding of the last digits that people write. */
const sumTolerance = 1e-6;

/**
 * The multipliers that grow cost by the factor `target`: depth target^(e_d / a), width target^(e_w / b), resolution
 * target^(e_r / c), so that depth^a * width^b * resolution^c = target. Factors below 1 shrink.
 *
 * @throws CompoundSearchError `COEFFICIENT_INVALID` where the shares do not sum to 1 or the target is not positive.
 */
export function strategyMultipliers(
  shares: Shares,
  target: number,
  exponents: CostExponents = imageCostExponents,
): Multipliers {
  requirePositive(target, 'target');
  requireShares(shares);
  return {
    depth: target ** (shares.depth / exponents.depth),
    width: target ** (shares.width / exponents.width),
    resolution: target ** (shares.resolution / exponents.resolution),
  };
}

function requireShares(shares: Shares): void {
  const sum = shares.depth + shares.width + shares.resolution;
  if (Math.abs(sum - 1) <= sumTolerance) return;
  throw new CompoundSearchError('COEFFICIENT_INVALID', `The shares of a strategy sum to ${sum}, not to 1.`, {
    field: 'strategy',
    value: shares,
    remedy: 'Give shares of depth, width and resolution that sum to 1.',
  });
}

/**
 * The shares that coefficients amount to: (0.279, 0.292, 0.428) for the paper's.
 *
 * @throws CompoundSearchError `COEFFICIENT_INVALID` where a coefficient is not positive, or cost would not change.
 */
export function sharesOf(coefficients: ScalingCoefficients, exponents: CostExponents = imageCostExponents): Shares {
  const depth = exponents.depth * Math.log(requirePositive(coefficients.alpha, 'alpha'));
  const width = exponents.width * Math.log(requirePositive(coefficients.beta, 'beta'));
  const resolution = exponents.resolution * Math.log(requirePositive(coefficients.gamma, 'gamma'));
  const total = depth + width + resolution;
  if (total === 0) {
    throw new CompoundSearchError('COEFFICIENT_INVALID', 'The coefficients leave the cost as it is.', {
      field: 'coefficients',
      value: coefficients,
      remedy: 'Give coefficients whose product of powers differs from 1.',
    });
  }
  return { depth: depth / total, width: width / total, resolution: resolution / total };
}

/**
 * The family of Dollar, Singh and Girshick: width takes `widthShare`, depth and resolution half of the rest each. 1/3
 * is uniform, 0.8 is their fast scaling, 1 scales width alone. Activations grow with target^((2 - widthShare) / 2).
 */
export function widthFirstShares(widthShare: number): Shares {
  const rest = (1 - widthShare) / 2;
  return { depth: rest, width: widthShare, resolution: rest };
}

/** Strategies with a name; for anything else give {@link Shares} of your own. */
export const strategies = {
  efficientnet: sharesOf(efficientnetCoefficients),
  uniform: widthFirstShares(1 / 3),
  fast: widthFirstShares(0.8),
  'depth-only': { depth: 1, width: 0, resolution: 0 },
  'width-only': widthFirstShares(1),
  'resolution-only': { depth: 0, width: 0, resolution: 1 },
} as const satisfies Record<StrategyName, Shares>;

/**
 * The power of the cost factor with which activations grow, since they are about depth * width * sides: 0.854 for the
 * paper's shares, 0.833 for uniform, 0.6 for fast.
 */
export function activationGrowth(shares: Shares, exponents: CostExponents = imageCostExponents): number {
  return shares.depth / exponents.depth + shares.width / exponents.width + shares.resolution;
}
