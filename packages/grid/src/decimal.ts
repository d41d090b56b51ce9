/**
 * Exact decimal arithmetic on numbers as people write them: 0.05 means five hundredths here, not the double next to it.
 */

/** digits * 10^-decimals. */
export interface Decimal {
  readonly digits: bigint;
  readonly decimals: number;
}

/** The decimal that a finite number prints as, which is the one that was written for it. */
export function toDecimal(value: number): Decimal {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const decimals = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return decimals >= 0 ? { digits, decimals } : { digits: digits * 10n ** BigInt(-decimals), decimals: 0 };
}

/** The digits of the same value with at least as many decimals. */
export function withDecimals(value: Decimal, decimals: number): bigint {
  return value.digits * 10n ** BigInt(decimals - value.decimals);
}

/** The double nearest to a decimal: the very one that a literal of these digits gives. */
export function toNumber({ digits, decimals }: Decimal): number {
  return Number(`${digits}e${-decimals}`);
}
