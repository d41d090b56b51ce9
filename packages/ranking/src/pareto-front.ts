/** What is gained, and what it costs. */
export interface Tradeoff {
  readonly value: number;
  readonly cost: number;
}

/**
 * Whether no other has at least the value at no more cost, and more of the one or less of the other. Of equals either all
 * are on the front or none is.
 */
export function paretoFront(points: readonly Tradeoff[]): boolean[] {
  const byCost = points
    .map((point, index) => ({ ...point, index }))
    .toSorted((one, other) => one.cost - other.cost || other.value - one.value);
  const front = points.map(() => false);
  let best: Tradeoff | undefined;
  for (const { index, ...point } of byCost) {
    const isEqual = point.value === best?.value && point.cost === best.cost;
    if (best !== undefined && point.value <= best.value && !isEqual) continue;
    front[index] = true;
    best = point;
  }
  return front;
}
