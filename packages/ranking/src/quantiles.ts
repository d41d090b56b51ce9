import studentQuantile from '@stdlib/stats-base-dists-t-quantile';

/** Beyond this number of degrees of freedom Student's t distribution is the normal one to twelve digits. */
const normal = 1e12;

export function normalQuantile(probability: number): number {
  return studentQuantile(probability, normal);
}

/** Quantile of the chi-square distribution from that of the normal one: Wilson & Hilferty 1931. */
export function chiSquare(degreesOfFreedom: number, z: number): number {
  const part = 2 / (9 * degreesOfFreedom);
  return degreesOfFreedom * Math.max(0.02, 1 - part + z * Math.sqrt(part)) ** 3;
}

const midpoints = new Map<number, readonly number[]>();

/** The middle of a part of the normal distribution that is cut into `count` equally probable ones. */
export function normalPoint(part: number, count: number): number {
  const known =
    midpoints.get(count) ?? Array.from({ length: count }, (_, index) => normalQuantile((index + 0.5) / count));
  midpoints.set(count, known);
  return known[part] ?? 0;
}
