/*
 * Rounding of products and quotients. A double is rarely the decimal that a person wrote: 2.2 * 25 is a few bits above
 * 55, and 100 * 2.3 a few bits below 230. So what lies within the error of such a product counts as the whole number, or
 * as the half between two whole numbers, that it stands for.
 */

/** 1e-9 for small products; for those above four million two to four units in the last place, which are more. */
function productError(value: number): number {
  return 1e-9 + 2 * Number.EPSILON * Math.abs(value);
}

/** The product rounded up: 55 for 2.2 * 25, where Math.ceil gives 56. */
export function ceilProduct(product: number): number {
  return Math.ceil(product - productError(product));
}

/** The product rounded down: 230 for 100 * 2.3, where Math.floor gives 229. */
export function floorProduct(product: number): number {
  return Math.floor(product + productError(product));
}

/** The product rounded to the nearest whole number, halves to the even one as Python's `round`: 2 for 2.5, 0 for 0.5. */
export function roundHalfEven(product: number): number {
  const below = floorProduct(product);
  const rest = product - below;
  if (Math.abs(rest - 0.5) > productError(product)) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** The product rounded to the nearest whole number, halves up: 3 for 2.5, 15 for 25 * 0.58. */
export function roundHalfUp(product: number): number {
  return floorProduct(product + 0.5);
}
