import { type Equations, type Fit, fit, formEquations, type Ratios, type SufficientStatistics } from './mixed-model.ts';

/** A fit and the probability of its ratios. */
export interface WeightedFit {
  readonly fit: Fit;
  readonly weight: number;
}

interface Axis {
  /** Logarithms of the ratios. */
  readonly nodes: readonly number[];
  readonly mode: number;
}

/** Where the posterior of the ratios has nearly all of its probability. */
export interface RatioAxes {
  readonly candidates: Axis;
  readonly seeds: Axis;
}

/**
 * Priors of the ratios: half-Cauchy, with half of the probability on either side of the scale (Gelman 2006). Candidates
 * differ by as much as trainings of one do; what a seed does to all is as a rule less than what it does to each.
 */
const scales: Ratios = { candidates: 1, seeds: 0.5 };

/** Logarithm of the half-Cauchy density of a ratio, as a density of the logarithm of the ratio. */
function logPrior(logRatio: number, scale: number): number {
  const ratio = Math.exp(logRatio) / scale;
  return Math.log(ratio) - Math.log1p(ratio ** 2);
}

/** Ratios less probable than the mode by this factor of e are left out. */
const negligible = 6;
const enoughNodes = 5;
const refinements = 6;

/** Of logarithms of ratios. */
interface Range {
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

const candidateRange: Range = { low: Math.log(0.03), high: Math.log(3000), step: 0.5 };
const seedRange: Range = { low: Math.log(0.06), high: Math.log(3000), step: 0.8 };

function nodesBetween(low: number, high: number, step: number): number[] {
  return Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => low + index * step);
}

/** Nodes over the part of an axis that has nearly all of the probability: finer the more the accuracies say. */
function findAxis(logDensity: (logRatio: number) => number, { low, high, step: first }: Range): Axis {
  let step = first;
  let nodes = nodesBetween(low, high, step);
  for (let refinement = 0; ; refinement++) {
    const densities = nodes.map(logDensity);
    const largest = Math.max(...densities);
    const inside = nodes.filter((_, index) => (densities[index] ?? -Infinity) > largest - negligible);
    const mode = nodes[densities.indexOf(largest)] ?? 0;
    if (inside.length >= enoughNodes || refinement === refinements) return { nodes: inside, mode };
    const start = Math.max(low, (inside[0] ?? mode) - step);
    const end = Math.min(high, (inside.at(-1) ?? mode) + step);
    step /= 3;
    nodes = nodesBetween(start, end, step);
  }
}

/** Fits by the logarithms of both ratios. */
type FitAt = (candidates: number, seeds: number) => Fit;

function fitsOf(statistics: SufficientStatistics): FitAt {
  const formed = new Map<number, Equations>();
  return (candidates, seeds) => {
    const equations = formed.get(candidates) ?? formEquations(statistics, Math.exp(candidates));
    formed.set(candidates, equations);
    return fit(statistics, equations, Math.exp(seeds));
  };
}

function findAxes(at: FitAt): RatioAxes {
  const middle = Math.log(scales.seeds);
  const candidates = findAxis(
    (logRatio) => at(logRatio, middle).logLikelihood + logPrior(logRatio, scales.candidates),
    candidateRange,
  );
  const seeds = findAxis(
    (logRatio) => at(candidates.mode, logRatio).logLikelihood + logPrior(logRatio, scales.seeds),
    seedRange,
  );
  return { candidates, seeds };
}

/** The posterior of the ratios on a grid, over known axes or over those that it finds. The weights sum to 1. */
export function weighRatios(
  statistics: SufficientStatistics,
  known?: RatioAxes,
): { fits: WeightedFit[]; axes: RatioAxes } {
  const at = fitsOf(statistics);
  const axes = known ?? findAxes(at);
  const fits = axes.candidates.nodes.flatMap((one) =>
    axes.seeds.nodes.map((other) => {
      const fitted = at(one, other);
      const logDensity = fitted.logLikelihood + logPrior(one, scales.candidates) + logPrior(other, scales.seeds);
      return { fit: fitted, logDensity };
    }),
  );
  const largest = fits.reduce((highest, { logDensity }) => Math.max(highest, logDensity), -Infinity);
  const densities = fits.map(({ logDensity }) => Math.exp(logDensity - largest));
  const total = densities.reduce((sum, density) => sum + density, 0);
  return {
    axes,
    fits: fits.map(({ fit: fitted }, index) => ({ fit: fitted, weight: (densities[index] ?? 0) / total })),
  };
}
