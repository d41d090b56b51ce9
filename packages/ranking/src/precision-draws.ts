import { type CandidateFit, fitAdditively } from './additive-fit.ts';
import type { MeasuredCandidate } from './observations.ts';
import { chiSquare, normalPoint } from './quantiles.ts';

/**
 * How much the variances of candidates differ: each is a common one times the degrees of freedom over a chi-square of so
 * many (Smyth 2004). Null: they are equal.
 */
interface Heterogeneity {
  readonly degreesOfFreedom: number | null;
  readonly probability: number;
}

const heterogeneities: readonly Heterogeneity[] = [
  { degreesOfFreedom: null, probability: 0.5 },
  { degreesOfFreedom: 16, probability: 0.2 },
  { degreesOfFreedom: 4, probability: 0.2 },
  { degreesOfFreedom: 2, probability: 0.1 },
];
/** As many as these are as good as equal. */
const equal = 64;

type Squares = Pick<CandidateFit, 'squares' | 'degreesOfFreedom'>;

const mostSteps = 30;
/** Relative change of the common variance below which it has converged. */
const convergence = 1e-6;

/** The common variance of highest likelihood: expectation and maximisation in turn (Dempster, Laird and Rubin 1977). */
function fitCommon(fits: readonly Squares[], prior: number, start: number): number {
  let common = start;
  for (let step = 0; step < mostSteps; step++) {
    let precisions = 0;
    for (const fit of fits) precisions += (prior + fit.degreesOfFreedom) / (prior * common + fit.squares);
    const next = fits.length / precisions;
    const change = Math.abs(next / common - 1);
    common = next;
    if (change < convergence) break;
  }
  return common;
}

/** Logarithm of the likelihood of the squares, but for what does not depend on the prior, which is even. */
function logLikelihood(fits: readonly Squares[], prior: number, common: number): number {
  let sum = 0;
  for (const { squares, degreesOfFreedom } of fits) {
    // Gamma((prior + freedom) / 2) / Gamma(prior / 2), over Gamma(freedom / 2), as a product.
    let product = 1;
    for (let term = 0; term < prior / 2; term++) product *= (degreesOfFreedom / 2 + term) / Math.max(1, term);
    sum += Math.log(product) + (prior / 2) * Math.log(prior * common);
    sum -= ((prior + degreesOfFreedom) / 2) * Math.log(prior * common + squares);
  }
  return sum;
}

/** Precisions are told apart by so large a factor only, so that candidates that train alike stay together. */
const factor = Math.SQRT2;
/** No candidate counts for more, or less, than this many factors. */
const mostFactors = 10;

/** The nearest whole power of the factor. */
function round(precision: number): number {
  let rounded = 1;
  for (let step = 0; step < mostFactors && precision > rounded * Math.sqrt(factor); step++) rounded *= factor;
  for (let step = 0; step < mostFactors && precision < rounded / Math.sqrt(factor); step++) rounded /= factor;
  return rounded;
}

/** How precise the trainings of each candidate are, in units of a common precision: one of several equally probable cases. */
export interface PrecisionDraw {
  readonly precisions: readonly number[];
  /** Of {@link drawCount}, how many are the same as this one. */
  readonly count: number;
}

/** A power of two. */
export const drawCount = 8;

/** Which part of the distribution of a candidate's precision a draw has: of each candidate another order of all parts. */
function partOf(draw: number, candidate: number): number {
  const stride = 2 * (candidate % (drawCount / 2)) + 1;
  return (draw * stride + Math.floor(candidate / (drawCount / 2))) % drawCount;
}

interface WeighedHeterogeneity {
  readonly prior: number;
  readonly isEqual: boolean;
  /** The common variance. */
  readonly common: number;
  /** Probability by the squares. They sum to 1. */
  readonly weight: number;
}

function weigh(fits: readonly Squares[]): WeighedHeterogeneity[] {
  const freedom = fits.reduce((sum, fit) => sum + fit.degreesOfFreedom, 0);
  const start = fits.reduce((sum, fit) => sum + fit.squares, 0) / freedom;
  const fitted = heterogeneities.map(({ degreesOfFreedom, probability }) => {
    const prior = degreesOfFreedom ?? equal;
    const common = fitCommon(fits, prior, start);
    const logWeight = Math.log(probability) + logLikelihood(fits, prior, common);
    return { prior, common, logWeight, isEqual: degreesOfFreedom === null };
  });
  const largest = fitted.reduce((highest, { logWeight }) => Math.max(highest, logWeight), -Infinity);
  const total = fitted.reduce((sum, { logWeight }) => sum + Math.exp(logWeight - largest), 0);
  return fitted.map(({ logWeight, ...one }) => ({ ...one, weight: Math.exp(logWeight - largest) / total }));
}

/** Those with more than one training, which alone say something of it; none where it cannot be seen whether they differ. */
function informative(all: readonly CandidateFit[]): CandidateFit[] {
  const fits = all.filter(({ degreesOfFreedom }) => degreesOfFreedom > 0);
  return fits.length < 2 || fits.every(({ squares }) => squares === 0) ? [] : fits;
}

/** The expected variance of the trainings of each candidate, drawn towards that of all. Null where nothing tells. */
export function expectVariances(all: readonly CandidateFit[]): number[] | null {
  const freedom = all.reduce((sum, fit) => sum + fit.degreesOfFreedom, 0);
  if (freedom === 0) return null;
  const pooled = all.reduce((sum, fit) => sum + fit.squares, 0) / freedom;
  const fits = informative(all);
  if (fits.length === 0) return all.map(() => pooled);
  const weighted = weigh(fits);
  return all.map(({ squares, degreesOfFreedom }) =>
    weighted.reduce((sum, { weight, isEqual, prior, common }) => {
      const own = isEqual ? pooled : (prior * common + squares) / (prior + degreesOfFreedom);
      return sum + weight * own;
    }, 0),
  );
}

/** The precisions in one of the draws, where variances differ by this much. */
function drawUnequal(all: readonly CandidateFit[], draw: number, { prior, common }: WeighedHeterogeneity): number[] {
  return all.map(({ squares, degreesOfFreedom }, candidate) => {
    const z = normalPoint(partOf(draw, candidate), drawCount);
    return round((common * chiSquare(prior + degreesOfFreedom, z)) / (prior * common + squares));
  });
}

/**
 * What the trainings say of how much each candidate's accuracies vary: the variances are equal, or each is drawn from a
 * common distribution, by the evidence of their squares. So candidates that train alike are taken as alike, and one that
 * trains erratically widens its own interval and not that of the others. Where equal variances are more probable than not,
 * they are taken for equal: so alike candidates stay alike, and nothing is lost to draws.
 */
export function drawPrecisions(measured: readonly Pick<MeasuredCandidate, 'seeds' | 'accuracies'>[]): PrecisionDraw[] {
  const all = fitAdditively(measured);
  const fits = informative(all);
  const weighted = fits.length === 0 ? [] : weigh(fits);
  const equalWeight = weighted.find(({ isEqual }) => isEqual)?.weight ?? 1;
  if (equalWeight > 0.5) return [{ precisions: all.map(() => 1), count: drawCount }];
  let first = 0;
  let reached = 0;
  return weighted.flatMap((heterogeneity): PrecisionDraw[] => {
    reached += heterogeneity.weight * drawCount;
    const count = Math.min(drawCount, Math.round(reached)) - first;
    const numbers = Array.from({ length: count }, (_, index) => first + index);
    first += count;
    if (!heterogeneity.isEqual) {
      return numbers.map((draw) => ({ precisions: drawUnequal(all, draw, heterogeneity), count: 1 }));
    }
    return count > 0 ? [{ precisions: all.map(() => 1), count }] : [];
  });
}
