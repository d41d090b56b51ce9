import type { RankAgreement, Transfer } from '@compound-search/contracts';

import type { MeasuredCandidate } from './observations.ts';
import { type Posterior, posteriorOf } from './posterior.ts';
import { kendall, ranksOf, spearman } from './rank-correlation.ts';
import { normalPoints } from './scenarios.ts';
import { meanOf } from './scores.ts';
import { spreadOf } from './spread.ts';

/** One of two rankings of the same rows. */
export interface RankedRows {
  /** All that were measured together: what they share tells how far chance moves each of them. */
  readonly candidates: readonly MeasuredCandidate[];
  /** Of each row, the fingerprint of its candidate; rows may share one. */
  readonly rows: readonly string[];
}

/** Fewer rows have no order worth a correlation. */
const fewestRows = 3;
/** Many enough for each state of one side to meet each of the other side some times. */
const draws = 4096;

/** True means as independent normal distributions; certain ones have no deviation. */
type State = ReturnType<Posterior['states']>[number];

/** By what a candidate is ranked here: a training that can diverge is worse than any accuracy. Null before a result. */
function valueOf({ accuracies, failedTraining }: MeasuredCandidate): number | null {
  if (failedTraining) return -Infinity;
  return accuracies.length === 0 ? null : meanOf(accuracies);
}

/** Ranks by mean accuracy from 1 for the best; equal ones share the mean of their ranks. Null before any result. */
export function rankWithTies(candidates: readonly MeasuredCandidate[]): (number | null)[] {
  return ranksOf(candidates.map(valueOf));
}

/** The rows of a side as numbers, in some equally probable states of the true means. */
interface Side {
  readonly measured: readonly number[];
  /** Null where the spread over seeds is unknown. */
  readonly states: readonly State[] | null;
}

function certain(means: readonly number[]): State {
  return { means: Float64Array.from(means), deviations: new Float64Array(means.length) };
}

function sideOf({ candidates, rows }: RankedRows): Side {
  const trained = candidates.filter(({ accuracies, failedTraining }) => accuracies.length > 0 && !failedTraining);
  const places = new Map(trained.map(({ fingerprint }, place) => [fingerprint, place]));
  const values = new Map(candidates.map((candidate) => [candidate.fingerprint, valueOf(candidate)]));
  const measured = rows.map((fingerprint) => values.get(fingerprint) ?? -Infinity);
  const { residual, within } = spreadOf(trained);
  const pooled = residual ?? within;
  if (pooled === null) return { measured, states: null };
  if (pooled.variance === 0) return { measured, states: [certain(measured)] };
  const states = posteriorOf(trained)
    .states()
    .map(({ means, deviations }): State => {
      const of = (list: Float64Array, missing: number): Float64Array =>
        Float64Array.from(rows, (fingerprint) => {
          const place = places.get(fingerprint);
          return place === undefined ? missing : (list[place] ?? missing);
        });
      return { means: of(means, -Infinity), deviations: of(deviations, 0) };
    });
  return { measured, states };
}

/** True means that are as probable as any other draw's. */
function drawFrom({ means, deviations }: State, z: Float64Array): number[] {
  return Array.from(means, (mean, row) => {
    const deviation = deviations[row] ?? 0;
    return deviation === 0 ? mean : mean + deviation * (z[row] ?? 0);
  });
}

/** Rows that are the same candidate are moved alike. */
function sharedAxes(rows: readonly string[], z: Float64Array): Float64Array {
  return Float64Array.from(rows, (fingerprint) => z[rows.indexOf(fingerprint)] ?? 0);
}

function summarise(measured: number | null, drawn: readonly (number | null)[] | null): RankAgreement | null {
  if (measured === null) return null;
  const known = (drawn ?? []).filter((value) => value !== null).sort((one, other) => one - other);
  if (known.length === 0) return { measured, expected: null, interval: null };
  const at = (share: number): number => known[Math.min(known.length - 1, Math.floor(share * known.length))] ?? 0;
  return { measured, expected: meanOf(known), interval: [at(0.025), at(0.975)] };
}

/**
 * How far two rankings of the same rows agree, with what the luck of the seeds leaves open. The interval is that of the
 * correlation of the true means: these are drawn from their posterior on both sides, independently of each other, and
 * correlated draw by draw. So few seeds make it wide, and shrinkage keeps lucky rows from making an order. It is about
 * these rows alone: what others would do, it does not say.
 *
 * Rows without a result on either side are left out. Pure, and the same to the bit on every machine.
 */
export function agreeRankings(one: RankedRows, other: RankedRows): Pick<Transfer, 'spearman' | 'kendall'> {
  const known = one.rows.flatMap((fingerprint, row) =>
    hasResult(one.candidates, fingerprint) && hasResult(other.candidates, other.rows[row]) ? [row] : [],
  );
  if (known.length < fewestRows) return { spearman: null, kendall: null };
  const only = ({ candidates, rows }: RankedRows): RankedRows => ({
    candidates,
    rows: known.map((row) => rows[row] ?? ''),
  });
  const [left, right] = [only(one), only(other)];
  const [leftSide, rightSide] = [sideOf(left), sideOf(right)];
  const pairs = drawPairs({ ...left, ...leftSide }, { ...right, ...rightSide });
  const agreement = (correlate: typeof spearman): RankAgreement | null =>
    summarise(
      correlate(leftSide.measured, rightSide.measured),
      pairs?.map(([first, second]) => correlate(first, second)) ?? null,
    );
  return { spearman: agreement(spearman), kendall: agreement(kendall) };
}

function hasResult(candidates: readonly MeasuredCandidate[], fingerprint: string | undefined): boolean {
  const candidate = candidates.find((each) => each.fingerprint === fingerprint);
  return candidate !== undefined && valueOf(candidate) !== null;
}

function drawPairs(one: RankedRows & Side, other: RankedRows & Side): [number[], number[]][] | null {
  const [states, otherStates] = [one.states, other.states];
  if (states === null || otherStates === null) return null;
  const count = one.rows.length;
  const points = normalPoints(draws, 2 * count);
  return Array.from({ length: draws }, (_, draw): [number[], number[]] => {
    const start = 2 * count * draw;
    const state = states[draw % states.length];
    const otherState = otherStates[Math.floor(draw / states.length) % otherStates.length];
    if (state === undefined || otherState === undefined) throw new Error('A posterior has states.');
    return [
      drawFrom(state, sharedAxes(one.rows, points.subarray(start, start + count))),
      drawFrom(otherState, sharedAxes(other.rows, points.subarray(start + count, start + 2 * count))),
    ];
  });
}
