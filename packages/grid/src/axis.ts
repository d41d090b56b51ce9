import { type AxisValues, CompoundSearchError } from '@compound-search/contracts';

import { toDecimal, toNumber, withDecimals } from './decimal.ts';

/** The axes of the grid, in the order in which points are sorted. */
export const axisNames = ['alpha', 'beta', 'gamma'] as const;

/** The name of an axis: alpha scales depth, beta width, gamma resolution. */
export type AxisName = (typeof axisNames)[number];

/** What an axis may hold. */
export interface AxisLimits {
  /** The least coefficient, `grid.minimum`. @defaultValue 1, as in the paper (equation 3); lower ones shrink a network. */
  readonly minimum?: number;
  /** @defaultValue 10,000 */
  readonly maximumValues?: number;
}

/**
 * Relative spacing up to which two values count as one. Coefficients that differ by so little come from rounding errors,
 * as in 1.2 and 1.1 + 0.1 (1.2000000000000002), and no network shows the difference.
 */
const finestSpacing = 1e-9;

type Range = Exclude<AxisValues, readonly number[]>;

const defaultMaximumValues = 10_000;
/** Far above any sensible coefficient; keeps every product of powers a finite number. */
export const maximumCoefficient = 1000;

function invalid(field: string, value: unknown, message: string, remedy: string): CompoundSearchError {
  return new CompoundSearchError('AXIS_INVALID', `${field} ${message}`, { field, value, remedy });
}

function checkCoefficient(field: string, value: number, { minimum = 1 }: AxisLimits): void {
  if (!Number.isFinite(value)) {
    throw invalid(field, value, `is ${value}, which is not a finite number.`, 'Give a finite number.');
  }
  if (value <= 0 || value > maximumCoefficient) {
    const remedy = `Give a number above 0 and of at most ${maximumCoefficient}.`;
    throw invalid(field, value, `is ${value}, which is not from 0 to ${maximumCoefficient}.`, remedy);
  }
  if (value < minimum) {
    const remedy =
      `Start at ${minimum} or above: a coefficient multiplies the baseline's depth, width or resolution. ` +
      `To search for smaller networks, set grid.minimum to ${value}.`;
    throw invalid(field, value, `is ${value}, which is below ${minimum}.`, remedy);
  }
}

function checkLength(field: string, length: number, { maximumValues = defaultMaximumValues }: AxisLimits): void {
  if (length <= maximumValues) return;
  throw new CompoundSearchError(
    'AXIS_TOO_LONG',
    `${field} has ${length} values; at most ${maximumValues} are accepted.`,
    {
      field,
      value: length,
      remedy: 'Use a larger step, a shorter range or fewer values.',
    },
  );
}

function checkList(field: string, values: readonly number[], limits: AxisLimits): number {
  if (values.length === 0) throw invalid(field, values, 'is empty.', 'List at least one value, such as 1.');
  checkLength(field, values.length, limits);
  values.forEach((value, index) => checkCoefficient(`${field}[${index}]`, value, limits));
  const repetition = firstRepetition(values);
  if (repetition !== undefined) {
    const { index, value, other } = repetition;
    const but = value === other ? '' : ' but for a rounding error';
    const message = `is ${value}, which repeats the value ${other}${but}.`;
    throw invalid(`${field}[${index}]`, value, message, 'List every value once.');
  }
  return values.length;
}

interface Repetition {
  readonly index: number;
  readonly value: number;
  readonly other: number;
}

/** The first value of a list that an earlier one has nearly the value of. */
function firstRepetition(values: readonly number[]): Repetition | undefined {
  const ascending = values.map((value, index) => ({ value, index })).toSorted((one, other) => one.value - other.value);
  const repetitions = ascending.flatMap((one, place) => {
    const before = ascending[place - 1];
    if (before === undefined || one.value - before.value > finestSpacing * one.value) return [];
    const [earlier, later] = one.index < before.index ? [one, before] : [before, one];
    return [{ ...later, other: earlier.value }];
  });
  return repetitions.toSorted((one, other) => one.index - other.index)[0];
}

/** Number of steps that fit between from and to, where a rounding error of the step's billionth does not lose the last. */
function countSteps({ from, to, step }: Range): number {
  const [start, end, width] = [toDecimal(from), toDecimal(to), toDecimal(step)];
  const decimals = 9 + Math.max(start.decimals, end.decimals, width.decimals);
  const stride = withDecimals(width, decimals);
  return Number((withDecimals(end, decimals) - withDecimals(start, decimals) + stride / 10n ** 9n) / stride);
}

function checkRange(field: string, range: Range, limits: AxisLimits): number {
  const { from, to, step } = range;
  checkCoefficient(`${field}.from`, from, limits);
  checkCoefficient(`${field}.to`, to, { ...limits, minimum: Number.NEGATIVE_INFINITY });
  if (!Number.isFinite(step) || step <= 0) {
    const message = `is ${step}, which is not a finite number above 0.`;
    throw invalid(`${field}.step`, step, message, 'Give a step above 0, such as 0.05.');
  }
  if (from > to) {
    const message = `is ${from}, which is above ${field}.to, ${to}.`;
    throw invalid(`${field}.from`, from, message, 'Swap from and to, or list the values.');
  }
  const length = countSteps(range) + 1;
  checkLength(field, length, limits);
  if (length > 1 && step <= finestSpacing * to) {
    const message = `is ${step}, which is too fine to tell values near ${to} apart.`;
    throw invalid(`${field}.step`, step, message, 'Give a larger step, such as 0.05.');
  }
  return length;
}

/**
 * The number of values of an axis, found without expanding it, so that a huge one is refused at once.
 *
 * @throws CompoundSearchError AXIS_INVALID or AXIS_TOO_LONG, with the field below `grid.`.
 */
export function axisLength(name: AxisName, axis: AxisValues, limits: AxisLimits = {}): number {
  const field = `grid.${name}`;
  return Array.isArray(axis) ? checkList(field, axis, limits) : checkRange(field, axis, limits);
}

/**
 * The values of an axis in ascending order. A range is expanded by index in decimal arithmetic, so 1 to 2 by 0.05 is 21
 * values among which 1.15 is exactly the number 1.15. A last step that is not whole is left out: 1 to 1.42 by 0.05 ends
 * at 1.4.
 *
 * @throws CompoundSearchError AXIS_INVALID or AXIS_TOO_LONG, with the field below `grid.`.
 */
export function expandAxis(name: AxisName, axis: AxisValues, limits: AxisLimits = {}): number[] {
  const length = axisLength(name, axis, limits);
  if (Array.isArray(axis)) return axis.toSorted((one, other) => one - other);
  const [start, width] = [toDecimal(axis.from), toDecimal(axis.step)];
  const decimals = Math.max(start.decimals, width.decimals);
  const first = withDecimals(start, decimals);
  const stride = withDecimals(width, decimals);
  return Array.from({ length }, (_, index) =>
    Math.min(axis.to, toNumber({ digits: first + BigInt(index) * stride, decimals })),
  );
}
