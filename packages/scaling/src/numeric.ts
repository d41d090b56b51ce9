/** Products such as 2.2 * 25 land a few bits above the integer they stand for; a bare ceil would add a block. */
const floatingPointSlack = 1e-9;

/** Ceil that forgives the error of a floating-point product: 55 for 2.2 * 25, where Math.ceil says 56. */
export function ceilProduct(value: number): number {
  return Math.ceil(value - floatingPointSlack);
}

/** Rounds halves to the even neighbour, as Python's `round`: 2 for 2.5, 0 for 0.5. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** Rounds halves up: 3 for 2.5. */
export function roundHalfUp(value: number): number {
  return Math.floor(value + 0.5);
}
