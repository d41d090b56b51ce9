import type { Estimate, ExpectedAccuracy, Objective } from '@compound-search/contracts';

const units = ['', ' k', ' M', ' G', ' T', ' P'] as const;

/** A count with three significant digits: 45700 is `45.7 k`, 1234567 is `1.23 M`. */
export function formatCount(count: number): string {
  if (count < 1000) return String(count);
  let scaled = count;
  let unit = 0;
  // Three digits of 999,999 are 1000 k, which is 1.00 M: the rounded number decides on the unit.
  while (Number(scaled.toPrecision(3)) >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  const whole = Math.trunc(Number(scaled.toPrecision(3)));
  return `${scaled.toFixed(Math.max(0, 3 - String(whole).length))}${units[unit] ?? ''}`;
}

/** A fraction as percent: 0.97125 is `97.13 %`. */
export function formatPercent(fraction: number, decimals = 2): string {
  return `${(fraction * 100).toFixed(decimals)} %`;
}

/** A mean with its standard error, both in percent; a mean of one seed has none. */
export function formatEstimate({ mean, standardError }: Estimate): string {
  return standardError === null
    ? formatPercent(mean)
    : `${(mean * 100).toFixed(2)} ± ${(standardError * 100).toFixed(2)} %`;
}

/** The bounds of 95 % in percent: `96.11 to 97.92 %`. */
export function formatInterval([low = 0, high = 0]: readonly number[]): string {
  return `${(low * 100).toFixed(2)} to ${(high * 100).toFixed(2)} %`;
}

/** The same in a column: `96.1-97.9`. */
export function formatBounds([low = 0, high = 0]: readonly number[]): string {
  return `${(low * 100).toFixed(1)}-${(high * 100).toFixed(1)}`;
}

/** What an accuracy is expected to be, with the bounds of 95 %. */
export function formatExpected({ mean, interval }: ExpectedAccuracy): string {
  return `${formatPercent(mean)} (95 %: ${formatInterval(interval)})`;
}

/** A difference of accuracies in points: 0.002 is `0.2 points`. */
export function formatPoints(difference: number): string {
  return `${Number((difference * 100).toPrecision(6))} points`;
}

/** A loss in nats: 0.12345 is `0.1235`. */
export function formatLoss(loss: number): string {
  return loss.toFixed(4);
}

/** The bounds of 95 % of a loss in a column: `0.101-0.134`. */
export function formatLossBounds([low = 0, high = 0]: readonly number[]): string {
  return `${low.toFixed(3)}-${high.toFixed(3)}`;
}

/** A mean loss with its standard error; a mean of one seed has none. */
export function formatLossEstimate({ mean, standardError }: Estimate): string {
  return standardError === null ? formatLoss(mean) : `${formatLoss(mean)} ± ${formatLoss(standardError)}`;
}

/** A difference in units of what is ranked by. */
export function formatDifference(difference: number, { kind }: Objective): string {
  return kind === 'loss' ? `${Number(difference.toPrecision(6))} nats` : formatPoints(difference);
}

/** A ratio or a product of the formula, with two or more decimals. */
export function formatRatio(ratio: number, decimals = 2): string {
  return ratio.toFixed(decimals);
}

/** A coefficient as a person wrote it, without the noise of binary fractions: 1.1500000000000001 is `1.15`. */
export function formatCoefficient(coefficient: number): string {
  return String(Number(coefficient.toPrecision(9)));
}

/** Pixels, e.g. `32x32`; square ones as one number. */
export function formatResolution(resolution: readonly number[]): string {
  return new Set(resolution).size === 1 ? String(resolution[0]) : resolution.join('x');
}

/** A time span in the two largest units: `45 s`, `1 min 05 s`, `2 h 03 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${twoDigits(whole % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
