import { CompoundSearchError } from '@compound-search/contracts';

import { requirePositive } from './multipliers.ts';

/** What accuracy is weighed against. */
export interface ObjectiveTarget {
  /** Cost at which the objective equals the accuracy, in the unit of the cost: MACs, seconds, bytes. */
  readonly target: number;
  /**
   * Weight of the cost; negative punishes it.
   *
   * @defaultValue -0.07, the paper's: doubling the cost must buy 4.97 % more accuracy
   */
  readonly exponent?: number;
}

/** The exponent of MnasNet and EfficientNet (paper, section 4). */
export const paperObjectiveExponent = -0.07;

/**
 * accuracy * (cost / target)^exponent, the reward that EfficientNet-B0 was searched with (paper, section 4).
 *
 * @throws CompoundSearchError `COEFFICIENT_INVALID` where accuracy is no fraction or cost and target are not positive.
 */
export function objective(
  accuracy: number,
  cost: number,
  { target, exponent = paperObjectiveExponent }: ObjectiveTarget,
): number {
  if (!(accuracy >= 0 && accuracy <= 1)) {
    throw new CompoundSearchError('COEFFICIENT_INVALID', `The accuracy is ${accuracy}, which is no fraction of 1.`, {
      field: 'accuracy',
      value: accuracy,
      remedy: 'Give the accuracy as a fraction from 0 to 1.',
    });
  }
  return accuracy * (requirePositive(cost, 'cost') / requirePositive(target, 'target')) ** exponent;
}
