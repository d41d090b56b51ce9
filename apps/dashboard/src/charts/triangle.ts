/** Depth, width and resolution coefficients, and what the constraint raises them to. */
export interface Coefficients {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}
export type Exponents = readonly [number, number, number];

/** A place in a triangle whose height and width are 1: x from left to right, y from its base up. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * What part each coefficient has in the product alpha^a * beta^b * gamma^c: its logarithm over that of the product. They
 * sum to 1. Undefined where the product is 1, and where a coefficient shrinks the network: parts of a growth there are none.
 */
export function sharesOf(
  { alpha, beta, gamma }: Coefficients,
  [a, b, c]: Exponents,
): readonly [number, number, number] | undefined {
  const logarithms = [a * Math.log(alpha), b * Math.log(beta), c * Math.log(gamma)] as const;
  const sum = logarithms[0] + logarithms[1] + logarithms[2];
  const leastPart = -1e-9;
  if (!(sum > 1e-9) || logarithms.some((one) => one < leastPart)) return undefined;
  return [logarithms[0] / sum, logarithms[1] / sum, logarithms[2] / sum];
}

/** Depth alone is the top corner, width alone the left one and resolution alone the right one. */
export function placeOf([depth, , resolution]: readonly [number, number, number]): Place {
  return { x: resolution + depth / 2, y: depth };
}

/** What the paper found for its B0 (Tan & Le 2019, section 5.1). */
export const papersPoint: Coefficients = { alpha: 1.2, beta: 1.1, gamma: 1.15 };

/** Whatever the coefficients are, a third of the growth each. */
export const uniformShares = [1 / 3, 1 / 3, 1 / 3] as const;
