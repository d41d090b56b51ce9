/** One of the normal distributions that a prior is a mixture of, in units of the spread of the true means around their level. */
export interface PriorComponent {
  readonly weight: number;
  readonly mean: number;
  readonly deviation: number;
}

/** How the true means of a search may lie around their level: with a mean of 0 and a variance of 1. */
export interface PriorShape {
  readonly probability: number;
  readonly components: readonly PriorComponent[];
}

/** Shifts and scales a mixture to a mean of 0 and a variance of 1. */
function standardise(components: readonly PriorComponent[]): PriorComponent[] {
  const total = components.reduce((sum, { weight }) => sum + weight, 0);
  const mean = components.reduce((sum, one) => sum + (one.weight / total) * one.mean, 0);
  const squares = components.reduce(
    (sum, one) => sum + (one.weight / total) * ((one.mean - mean) ** 2 + one.deviation ** 2),
    0,
  );
  const scale = Math.sqrt(squares);
  return components.map((one) => ({
    weight: one.weight / total,
    mean: (one.mean - mean) / scale,
    deviation: one.deviation / scale,
  }));
}

const normal: PriorComponent = { weight: 1, mean: 0, deviation: 1 };

/** The normal distribution alone: each candidate then has one component. */
export const normalShape: PriorShape = { probability: 1, components: [normal] };

/**
 * The normal distribution, and what a smooth surface comes to around its peak: accuracy is flat there, so that many
 * candidates crowd just below the highest one, and a tail of poor ones lies far below. In the first the best is as a rule
 * well ahead of the second, in the other hardly; a few noisy trainings do not tell which it is, so both are averaged.
 */
export const priorShapes: readonly PriorShape[] = [
  { probability: 0.6, components: [normal] },
  {
    probability: 0.4,
    components: standardise([
      { weight: 0.5, mean: 0, deviation: 0.3 },
      { weight: 0.3, mean: -1, deviation: 0.5 },
      { weight: 0.2, mean: -2.2, deviation: 0.9 },
    ]),
  },
];
