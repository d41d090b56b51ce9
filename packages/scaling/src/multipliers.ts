import { CompoundSearchError, type Multipliers, type ScalingCoefficients } from '@compound-search/contracts';

/** Powers with which depth, width and resolution enter the cost of a network. */
export interface CostExponents {
  readonly depth: number;
  readonly width: number;
  readonly resolution: number;
}

/** Cost of two-dimensional convolutions: linear in depth, quadratic in channels and in the side of the image. */
export const imageCostExponents: CostExponents = { depth: 1, width: 2, resolution: 2 };

/** Cost of three-dimensional convolutions where frames, height and width all grow with gamma. */
export const videoCostExponents: CostExponents = { depth: 1, width: 2, resolution: 3 };

/** The multiplier that changes nothing. */
export const unscaled: Multipliers = { depth: 1, width: 1, resolution: 1 };

/**
 * Returns `value` where it is a finite number above 0.
 *
 * @throws CompoundSearchError `COEFFICIENT_INVALID` naming `field` otherwise.
 */
export function requirePositive(value: number, field: string): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new CompoundSearchError('COEFFICIENT_INVALID', `${field} is ${value}, which is not a finite number above 0.`, {
    field,
    value,
    remedy: `Give ${field} as a finite number above 0.`,
  });
}

/**
 * Depth alpha^phi, width beta^phi and resolution gamma^phi for any real phi, negative ones included (equation 3).
 *
 * @throws CompoundSearchError `COEFFICIENT_INVALID` where a coefficient is not positive, phi is not finite, or a
 * power leaves the range of floating-point numbers.
 */
export function multipliers(coefficients: ScalingCoefficients, phi: number): Multipliers {
  if (!Number.isFinite(phi)) {
    throw new CompoundSearchError('COEFFICIENT_INVALID', `phi is ${phi}, which is not a finite number.`, {
      field: 'phi',
      value: phi,
      remedy: 'Give phi as a finite number; 0 is the baseline itself.',
    });
  }
  const power = (name: keyof ScalingCoefficients): number =>
    requirePositive(requirePositive(coefficients[name], name) ** phi, `${name}^phi`);
  return { depth: power('alpha'), width: power('beta'), resolution: power('gamma') };
}

/**
 * The cost that the formula predicts, alpha^a * beta^b * gamma^c: 1.92027 for the paper's (1.2, 1.1, 1.15) and images.
 * A network's exact cost differs, since repeats, channels and maps are rounded.
 */
export function formulaCost(coefficients: ScalingCoefficients, exponents: CostExponents = imageCostExponents): number {
  return (
    coefficients.alpha ** exponents.depth *
    coefficients.beta ** exponents.width *
    coefficients.gamma ** exponents.resolution
  );
}
