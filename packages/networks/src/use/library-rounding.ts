import type { Multipliers } from '@compound-search/scaling';

import type { NetworkDescription } from '../description/description.ts';

/** How a library turns multipliers into whole numbers. */
export interface LibraryRounding {
  readonly divisor: number;
  /** Where less than this share of the exact value would be left, one `divisor` is added; 0 never adds one. */
  readonly smallestShare: number;
  readonly repeats: 'ceil' | 'round';
  readonly fixesFirstAndLastStage: boolean;
  readonly fixesStem: boolean;
}

/** Sizes that multipliers come to. */
export interface ScaledSizes {
  readonly stem: number;
  readonly stages: readonly number[];
  readonly repeats: readonly number[];
}

/**
 * `_make_divisible` of torchvision, `make_divisible` of timm and `round_filters` of Keras, on doubles as Python has them:
 * unlike the policies of the package scaling it forgives no error of the product.
 */
export function makeDivisible(value: number, { divisor, smallestShare }: LibraryRounding): number {
  const rounded = Math.max(divisor, Math.floor(Math.trunc(value + divisor / 2) / divisor) * divisor);
  return rounded < smallestShare * value ? rounded + divisor : rounded;
}

/** Python's `round`: halves to the even number. */
export function pythonRound(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

function scaledRepeats(baseline: NetworkDescription, depth: number, rounding: LibraryRounding): number[] {
  const last = baseline.stages.length - 1;
  return baseline.stages.map(({ repeats }, index) => {
    const factor = rounding.fixesFirstAndLastStage && (index === 0 || index === last) ? 1 : depth;
    return rounding.repeats === 'ceil' ? Math.ceil(repeats * factor) : Math.max(1, pythonRound(repeats * factor));
  });
}

function scaledWidths(baseline: NetworkDescription, width: number, rounding: LibraryRounding): number[] {
  const stem = rounding.fixesStem ? baseline.stem.channels : makeDivisible(baseline.stem.channels * width, rounding);
  return [stem, ...baseline.stages.map(({ channels }) => makeDivisible(channels * width, rounding))];
}

function equal(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

/** Multipliers of one part in a billion less and more round as the exact ones would, without the error of a product. */
const nudges = [1, 1 - 1e-9, 1 + 1e-9];

/**
 * The depth and width for which a library comes to the same sizes: those that are asked for, or where only the error of a
 * floating-point product stands between (2.2 times 25 is 56 blocks in Python), the nearest ones that do. A sentence that
 * says what differs where there are none.
 */
export function fitMultipliers(
  baseline: NetworkDescription,
  { depth, width }: Pick<Multipliers, 'depth' | 'width'>,
  sizes: ScaledSizes,
  rounding: LibraryRounding,
): { readonly depth: number; readonly width: number } | string {
  const depths = nudges.map((nudge) => depth * nudge);
  const widths = nudges.map((nudge) => width * nudge);
  const wanted = [sizes.stem, ...sizes.stages];
  const fittingDepth = depths.find((value) => equal(scaledRepeats(baseline, value, rounding), sizes.repeats));
  const fittingWidth = widths.find((value) => equal(scaledWidths(baseline, value, rounding), wanted));
  if (fittingDepth === undefined) {
    const repeats = scaledRepeats(baseline, depth, rounding).join(', ');
    return `rounds the blocks of the stages to ${repeats}, and this network has ${sizes.repeats.join(', ')}`;
  }
  if (fittingWidth === undefined) {
    const widthsThere = scaledWidths(baseline, width, rounding).join(', ');
    return `rounds the channels of stem and stages to ${widthsThere}, and this network has ${wanted.join(', ')}`;
  }
  return { depth: fittingDepth, width: fittingWidth };
}
