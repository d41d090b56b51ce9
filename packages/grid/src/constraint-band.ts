import type { Constraint, Point } from '@compound-search/contracts';
import { type CostExponents, formulaCost } from '@compound-search/scaling';

import type { AxisName } from './axis.ts';

/** The costs that meet a constraint: from `least` to `most`. */
export interface Band {
  readonly least: number;
  readonly most: number;
}

/** A cost such as 1.9 misses 2 - 0.1 by a rounding error of the subtraction; it meets the constraint all the same. */
const roundingError = 1e-9;

/** The tolerance in the unit of the cost. */
export function absoluteTolerance({ target, tolerance, toleranceKind }: Constraint): number {
  return toleranceKind === 'relative' ? tolerance * target : tolerance;
}

/** The costs that meet a constraint. */
export function bandOf(constraint: Constraint): Band {
  const { target } = constraint;
  const width = absoluteTolerance(constraint) + roundingError * Math.max(1, target);
  return { least: target - width, most: target + width };
}

/** The exponents of a constraint by the names of what they are for. */
export function exponentsOf({ exponents: [depth, width, resolution] }: Pick<Constraint, 'exponents'>): CostExponents {
  return { depth, width, resolution };
}

/** The exponent with which an axis enters the formula. */
export function exponentOf(name: AxisName, { exponents: [depth, width, resolution] }: Constraint): number {
  return { alpha: depth, beta: width, gamma: resolution }[name];
}

/** A point with its product, of which twelve digits leave the rounding errors out: 1.4 squared is 1.96, not 1.9599999999999997. */
export function toPoint(coefficients: Omit<Point, 'product'>, constraint: Pick<Constraint, 'exponents'>): Point {
  const { alpha, beta, gamma } = coefficients;
  const product = formulaCost(coefficients, exponentsOf(constraint));
  return { alpha, beta, gamma, product: Number(product.toPrecision(12)) };
}

/** The least number of three significant digits that is not below `value`: a bound that a remedy can name. */
export function roundUp(value: number): number {
  const rounded = Number(value.toPrecision(3));
  return rounded >= value ? rounded : Number((value * 1.005).toPrecision(3));
}

/** The tolerance, in the kind that the constraint is written in, that admits a cost. */
export function admittingTolerance(cost: number, { target, toleranceKind }: Constraint): number {
  const distance = Math.abs(cost - target);
  return roundUp(toleranceKind === 'relative' ? distance / target : distance);
}
