/**
 * Ranks from 1 for the highest value; equal values share the mean of their ranks. What is no number has no rank.
 * -Infinity is the lowest value.
 */
export function ranksOf(values: readonly (number | null)[]): (number | null)[] {
  const order = values
    .flatMap((value, index) => (value === null ? [] : [{ value, index }]))
    .sort((one, other) => compareDescending(one.value, other.value));
  const ranks: (number | null)[] = values.map(() => null);
  for (let start = 0; start < order.length;) {
    const value = order[start]?.value;
    let end = start + 1;
    while (end < order.length && order[end]?.value === value) end += 1;
    // Places start + 1 to end.
    for (const { index } of order.slice(start, end)) ranks[index] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/** Without a difference, which is no number for two infinite values. */
function compareDescending(one: number, other: number): number {
  if (one === other) return 0;
  return one > other ? -1 : 1;
}

/** Spearman's rho: Pearson's correlation of the ranks, with mean ranks for ties. Null where all of one side are equal. */
export function spearman(one: readonly number[], other: readonly number[]): number | null {
  const [ranks, otherRanks] = [ranksOf(one), ranksOf(other)];
  const mean = (one.length + 1) / 2;
  let [product, squares, otherSquares] = [0, 0, 0];
  for (const index of one.keys()) {
    const distance = (ranks[index] ?? mean) - mean;
    const otherDistance = (otherRanks[index] ?? mean) - mean;
    product += distance * otherDistance;
    squares += distance ** 2;
    otherSquares += otherDistance ** 2;
  }
  return correlation(product, squares, otherSquares);
}

/** Kendall's tau-b, which corrects for ties. Null where all of one side are equal. */
export function kendall(one: readonly number[], other: readonly number[]): number | null {
  let [agreeing, untied, otherUntied] = [0, 0, 0];
  for (let first = 0; first < one.length; first += 1) {
    for (let second = first + 1; second < one.length; second += 1) {
      const order = compareDescending(one[first] ?? 0, one[second] ?? 0);
      const otherOrder = compareDescending(other[first] ?? 0, other[second] ?? 0);
      agreeing += order * otherOrder;
      untied += order ** 2;
      otherUntied += otherOrder ** 2;
    }
  }
  return correlation(agreeing, untied, otherUntied);
}

function correlation(product: number, squares: number, otherSquares: number): number | null {
  if (squares === 0 || otherSquares === 0) return null;
  // Rounding must not make it exceed 1.
  return Math.max(-1, Math.min(1, product / Math.sqrt(squares * otherSquares)));
}
