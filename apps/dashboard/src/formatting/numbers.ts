import type { AccuracyDifference, Estimate } from '@compound-search/contracts';

const units = ['', ' k', ' M', ' G', ' T', ' P'] as const;

/** A count with three significant digits: 45700 is `45.7 k`. */
export function formatCount(count: number): string {
  let scaled = count;
  let unit = 0;
  while (Number(scaled.toPrecision(3)) >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return unit === 0 ? String(count) : `${scaled.toPrecision(3)}${units[unit] ?? ''}`;
}

/** A fraction as percent: 0.97125 is `97.13 %`. */
export function formatPercent(fraction: number, decimals = 2): string {
  return `${(fraction * 100).toFixed(decimals)} %`;
}

/** A mean with its standard error, or with the reason why there is none. */
export function formatEstimate({ mean, standardError }: Estimate): string {
  if (standardError === null) return `${formatPercent(mean)} (one seed)`;
  return `${(mean * 100).toFixed(2)} ± ${(standardError * 100).toFixed(2)} %`;
}

/** A mean loss with its standard error. */
export function formatLoss({ mean, standardError }: Estimate): string {
  return standardError === null ? `${mean.toFixed(4)} (one seed)` : `${mean.toFixed(4)} ± ${standardError.toFixed(4)}`;
}

/** How much the best is ahead: points of accuracy, or nats where losses are ranked. */
export function formatDifference({ difference }: Pick<AccuracyDifference, 'difference'>, isByLoss: boolean): string {
  return isByLoss ? difference.toFixed(4) : (difference * 100).toFixed(2);
}

/** The bounds of 95 % in the same units. */
export function formatInterval([low = 0, high = 0]: readonly number[], isByLoss: boolean): string {
  const [scale, decimals] = isByLoss ? [1, 3] : [100, 2];
  return `${(low * scale).toFixed(decimals)} to ${(high * scale).toFixed(decimals)}`;
}

/** Without the noise of binary fractions: 1.1500000000000001 is `1.15`; three decimals are plenty for a solved one. */
export function formatCoefficient(coefficient: number): string {
  return String(Number(coefficient.toFixed(4)));
}

/** Pixels; square ones as one number. */
export function formatResolution(resolution: readonly number[]): string {
  return new Set(resolution).size === 1 ? String(resolution[0]) : resolution.join('×');
}

/** A time span in the two largest units. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 trial`, `2 trials`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
