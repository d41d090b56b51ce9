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

const steps = 30;

/** The common variance of highest likelihood: expectation and maximisation in turn (Dempster, Laird and Rubin 1977). */
function fitCommon(fits: readonly Squares[], prior: number, start: number): number {
  let common = start;
  for (let step = 0; step < steps; step++) {
    const precisions = fits.reduce((sum, fit) => sum + (prior + fit.degreesOfFreedom) / (prior * common + fit.squares), 0);
    common = fits.length / precisions;
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

interface FittedHeterogeneity {
  readonly prior: number;
  readonly common: number;
  readonly logWeight: number;
}

function weigh(fits: readonly Squares[]): (FittedHeterogeneity & { weight: number; isEqual: boolean })[] {
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
  return fitted.map((one) => ({ ...one, weight: Math.exp(one.logWeight - largest) / total }));
}

/** Those with more than one training, which alone say something of it; none where it cannot be seen whether they differ. */
function informative(all: readonly CandidateFit[]): CandidateFit[] {
  const fits = all.filter(({ degreesOfFreedom }) => degreesOfFreedom > 0);
  return fits.length < 2 || fits.every(({ squares }) => squares === 0) ? [] : fits;
}

/** The expected variance of the trainings of each candidate, drawn towards that of all. Null where nothing tells. */
export function expectVariances(all: readonly CandidateFit[]): number[] | null {
  const fits = all.filter(({ degreesOfFreedom }) => degreesOfFreedom > 0);
  if (fits.length === 0) return null;
  const weighted = informative(all).length === 0 ? [] : weigh(fits);
  const freedom = fits.reduce((sum, fit) => sum + fit.degreesOfFreedom, 0);
  const pooled = fits.reduce((sum, fit) => sum + fit.squares, 0) / freedom;
  if (weighted.length === 0) return all.map(() => pooled);
  return all.map(({ squares, degreesOfFreedom }) =>
    weighted.reduce((sum, { weight, isEqual, prior, common }) => {
      const own = isEqual ? pooled : (prior * common + squares) / (prior + degreesOfFreedom);
      return sum + weight * own;
    }, 0),
  );
}

/**
 * What the trainings say of how much each candidate's accuracies vary: the variances are equal, or each is drawn from a
 * common distribution, by the evidence of their squares. So candidates that train alike are taken as alike, and one that
 * trains erratically widens its own interval and not that of the others. Where equal variances are more probable than not,
 * they are taken for equal: so alike candidates stay alike, and nothing is lost to draws.
 */
export function drawPrecisions(measured: readonly Pick<MeasuredCandidate, 'seeds' | 'accuracies'>[]): PrecisionDraw[] {
  const ones = measured.map(() => 1);
  if (process.env['W'] === '0') return [{ precisions: ones, count: drawCount }];
  const all = fitAdditively(measured);
  const fits = informative(all);
  if (fits.length === 0) return [{ precisions: ones, count: drawCount }];
  const weighted = weigh(fits);
  const isEqual = weighted.some((one) => one.isEqual && one.weight > 0.5);
  if (isEqual) return [{ precisions: ones, count: drawCount }];
  const draws: PrecisionDraw[] = [];
  let reached = 0;
  let draw = 0;
  for (const { weight, isEqual: areEqual, prior, common } of weighted) {
    reached += weight * drawCount;
    const first = draw;
    while (draw < drawCount && draw + 0.5 < reached) draw++;
    if (areEqual && draw > first) draws.push({ precisions: ones, count: draw - first });
    if (areEqual) continue;
    for (let own = first; own < draw; own++) {
      const precisions = all.map(({ squares, degreesOfFreedom }, candidate) => {
        const z = normalPoint(partOf(own, candidate), drawCount);
        return round((common * chiSquare(prior + degreesOfFreedom, z)) / (prior * common + squares));
      });
      draws.push({ precisions, count: 1 });
    }
  }
  return draws;
}
