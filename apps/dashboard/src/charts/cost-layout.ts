import { scaleLinear } from 'd3-scale';

import type { CandidateMark, Drawn } from './candidate-marks.ts';

/** A picture's size and the space around what is drawn, in its own units. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A tick of an axis with its place along it. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** A candidate in the picture of value against cost; the bar is as long as one standard error each way. */
export interface CostMark extends Drawn {
  readonly isTied: boolean;
  readonly bar: readonly [number, number] | undefined;
}

/** Where all marks and ticks of the picture are. */
export interface CostLayout {
  readonly marks: readonly CostMark[];
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
}

/** From the least to the greatest, with a little room on both sides, also where there is one value only. */
export function paddedRange(values: readonly number[], leastSpan: number): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((high - low) * 0.06, leastSpan / 2);
  return [low - room, high + room];
}

/** Lays out candidates with a result: exact cost from left to right, value from bottom to top, a loss upside down. */
export function layOutCosts(candidates: readonly CandidateMark[], frame: Frame, isByLoss: boolean): CostLayout {
  const known = candidates.flatMap(({ value, ...mark }) => (value === undefined ? [] : [{ ...mark, value }]));
  if (known.length === 0) return { marks: [], xTicks: [], yTicks: [] };
  const x = scaleLinear(
    paddedRange(
      known.map(({ macsRatio }) => macsRatio),
      0.02,
    ),
    [frame.left, frame.width - frame.right],
  ).nice(5);
  const bounds = known.flatMap(({ value }) => [value.mean, ...(value.bounds ?? [])]);
  const [low, high] = paddedRange(bounds, isByLoss ? 0.01 : 0.004);
  // Nothing is more accurate than 100 %.
  const domain = isByLoss ? [Math.max(0, low), high] : [low, Math.min(1, high)];
  const ends = [frame.height - frame.bottom, frame.top];
  const y = scaleLinear(isByLoss ? domain.toReversed() : domain, ends);
  const yText = isByLoss ? y.tickFormat(5) : percentFormat(y.ticks(5));
  return {
    marks: known.map(({ candidateId, macsRatio, isTied, value }) => ({
      candidateId,
      isTied,
      x: x(macsRatio),
      y: y(value.mean),
      bar: value.bounds === undefined ? undefined : [y(value.bounds[0]), y(value.bounds[1])],
    })),
    xTicks: x.ticks(5).map((value) => ({ at: x(value), text: `${x.tickFormat(5)(value)}×` })),
    yTicks: y.ticks(5).map((value) => ({ at: y(value), text: yText(value) })),
  };
}

/** Percent with as many decimals as tell neighbouring ticks apart. */
function percentFormat(ticks: readonly number[]): (fraction: number) => string {
  const [first = 0, second = first + 1] = ticks;
  const decimals = Math.max(0, -Math.floor(Math.log10(Math.abs(second - first) * 100) + 1e-9));
  return (fraction) => `${(fraction * 100).toFixed(decimals)} %`;
}
