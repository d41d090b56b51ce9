import type { Constraint, Point } from '@compound-search/contracts';

/** Distances that differ by less are equal: 1.9 and 2.1 are equally far from 2, though not in their last bits. */
const distanceUnit = 1e-9;

/** Ascending by alpha, then beta, then gamma. */
export function compareCoefficients(one: Point, other: Point): number {
  return one.alpha - other.alpha || one.beta - other.beta || one.gamma - other.gamma;
}

/**
 * Negative where `one` speaks for `other` too: where its product lies nearer to the target by at least a billionth, or
 * equally near with the smaller alpha, then beta, then gamma. No two points of a grid are equal in all of these.
 */
export function compareRepresentatives({ target }: Pick<Constraint, 'target'>): (one: Point, other: Point) => number {
  // Whole billionths make this a true order, which a tolerance between pairs would not be.
  const distance = ({ product }: Point): number => Math.round(Math.abs(product - target) / distanceUnit);
  return (one, other) => distance(one) - distance(other) || compareCoefficients(one, other);
}

/**
 * The point that speaks for a candidate: all its points are the same network at phi = 1, but not at another phi, so the
 * answer, a trained model and every table must name the same one. It does not depend on the order of the points.
 *
 * @throws Error if there are no points; every candidate has one.
 */
export function representativePoint(points: readonly Point[], constraint: Pick<Constraint, 'target'>): Point {
  const [representative] = points.toSorted(compareRepresentatives(constraint));
  if (representative === undefined) throw new Error('A candidate has at least one point.');
  return representative;
}
