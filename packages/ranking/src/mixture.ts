import { normalCdf, normalDensity } from './normal-distribution.ts';

/** An equal mixture of normal distributions. */
export interface Mixture {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

export interface Moments {
  readonly mean: number;
  readonly deviation: number;
}

export function momentsOf({ means, deviations }: Mixture): Moments {
  const count = means.length;
  let mean = 0;
  for (const one of means) mean += one / count;
  let variance = 0;
  for (let index = 0; index < count; index++) {
    variance += (((means[index] ?? 0) - mean) ** 2 + (deviations[index] ?? 0) ** 2) / count;
  }
  return { mean, deviation: Math.sqrt(variance) };
}

const steps = 40;
/** Of the standard deviation: no one reads the bound of an interval more closely. */
const tolerance = 1e-3;

/** The value below which the mixture has this probability: by Newton's method, held between bounds that halve. */
export function quantileOf(mixture: Mixture, probability: number, { mean, deviation }: Moments): number {
  const { means, deviations } = mixture;
  const count = means.length;
  let low = mean - 40 * deviation;
  let high = mean + 40 * deviation;
  let x = mean + (probability < 0.5 ? -1.96 : 1.96) * deviation;
  for (let step = 0; step < steps; step++) {
    let below = 0;
    let density = 0;
    for (let index = 0; index < count; index++) {
      const own = deviations[index] ?? 1;
      const distance = (x - (means[index] ?? 0)) / own;
      below += normalCdf(distance);
      density += normalDensity(distance) / own;
    }
    const excess = below - probability * count;
    if (excess > 0) high = x;
    else low = x;
    const next = x - excess / density;
    const inside = next > low && next < high ? next : (low + high) / 2;
    if (Math.abs(inside - x) < tolerance * deviation) return inside;
    x = inside;
  }
  return x;
}
