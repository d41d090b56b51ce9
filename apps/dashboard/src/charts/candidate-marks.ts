import type { Candidate, LeaderboardRow } from '@compound-search/contracts';

import { type Exponents, type Place, placeOf, sharesOf } from './triangle.ts';

/** What a candidate is worth in the units it is ranked by: of accuracies more is better, of losses less. */
export interface Value {
  readonly mean: number;
  /** Bounds of one standard error; undefined where one seed gives none. */
  readonly bounds: readonly [number, number] | undefined;
}

/** A candidate as pictures know it. */
export interface CandidateMark {
  readonly candidateId: string;
  readonly row: LeaderboardRow;
  readonly value: Value | undefined;
  readonly macsRatio: number;
  readonly isTied: boolean;
  /** Of every point that is this network; none where a point has no place in the triangle. */
  readonly places: readonly Place[];
}

/** What the triangle draws of candidates, of which nothing is known yet. */
export function plannedMarks(candidates: readonly Candidate[], exponents: Exponents): TriangleMark[] {
  return candidates.map((candidate) => ({
    candidateId: candidate.fingerprint,
    value: undefined,
    isTied: false,
    places: placesOf(candidate, exponents),
  }));
}

/** What the triangle needs of a candidate. */
export type TriangleMark = Pick<CandidateMark, 'candidateId' | 'value' | 'isTied' | 'places'>;

/** What pictures draw of the rows of a leaderboard. */
export function marksOf(rows: readonly LeaderboardRow[], exponents: Exponents, isByLoss: boolean): CandidateMark[] {
  return rows.map((row) => ({
    candidateId: row.candidateId,
    row,
    value: valueOf(row, isByLoss),
    macsRatio: row.macsRatio,
    isTied: row.tied,
    places: placesOf(row, exponents),
  }));
}

function placesOf({ points }: Pick<Candidate, 'points'>, exponents: Exponents): Place[] {
  return points.flatMap((point) => {
    const shares = sharesOf(point, exponents);
    return shares === undefined ? [] : [placeOf(shares)];
  });
}

function valueOf({ validationAccuracy, validationLoss }: LeaderboardRow, isByLoss: boolean): Value | undefined {
  const estimate = isByLoss ? validationLoss : validationAccuracy;
  if (estimate === null) return undefined;
  const { mean, standardError } = estimate;
  return { mean, bounds: standardError === null ? undefined : [mean - standardError, mean + standardError] };
}

/** A mark where it is drawn, in the picture's own units. */
export interface Drawn {
  readonly candidateId: string;
  readonly x: number;
  readonly y: number;
}

/** The mark nearest to a position, unless all are too far from it. */
export function nearestMark<T extends Drawn>(marks: readonly T[], x: number, y: number, reach: number): T | undefined {
  let nearest: T | undefined;
  let least = reach * reach;
  for (const mark of marks) {
    const distance = (mark.x - x) ** 2 + (mark.y - y) ** 2;
    if (distance > least) continue;
    least = distance;
    nearest = mark;
  }
  return nearest;
}

/** Discs as one path: however many there are, the browser has one element to keep. */
export function discs(marks: readonly Pick<Drawn, 'x' | 'y'>[], radius: number): string {
  const [r, across] = [radius.toFixed(1), (2 * radius).toFixed(1)];
  return marks
    .map(
      ({ x, y }) =>
        `M${(x - radius).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${across} 0a${r} ${r} 0 1 0 -${across} 0`,
    )
    .join('');
}
