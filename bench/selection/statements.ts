import { assess, type MeasuredCandidate } from '@compound-search/ranking';

import { notRejectedAsBest } from './multiple-comparisons.ts';
import type { SimulatedSearch } from './surfaces.ts';

/** What the product states of an answer, each with the probability that it holds. */
export const statementKinds = [
  'the winner is the best',
  'the winner is within 0.2 points of the best',
  'a candidate is the best',
  'the best is the winner or tied with it',
  "the interval of the winner's mean",
  'the interval of any mean',
  'the interval of a difference to the winner',
] as const;

/** And for comparison the set that Hsu's multiple comparisons with the best leave. */
export const comparisonKind = "the best is in Hsu's set";
export type StatementKind = (typeof statementKinds)[number] | typeof comparisonKind;

/** A statement with a probability, and whether it held. */
export interface Statement {
  readonly kind: StatementKind;
  readonly stated: number;
  readonly held: boolean;
  /** Candidates in a set that is stated to hold the best. */
  readonly size: number;
}

function contains(interval: readonly [number, number], value: number): boolean {
  return interval[0] <= value && value <= interval[1];
}

/** What an assessment states, with whether it is true of the search. Nothing where the spread is unknown. */
export function checkStatements(measured: readonly MeasuredCandidate[], search: SimulatedSearch): Statement[] {
  const { leader, candidates, indifference } = assess(measured);
  if (leader?.probabilityCorrect == null || leader.probabilityIndifferent === null) return [];
  const statements: Statement[] = [];
  const trueMeans = new Map(search.candidates.map(({ fingerprint, trueMean }) => [fingerprint, trueMean]));
  const trueMeanOf = (fingerprint: string): number => trueMeans.get(fingerprint) ?? Number.NaN;
  const isBest = (fingerprint: string): boolean => trueMeanOf(fingerprint) === search.highest;
  const add = (kind: StatementKind, stated: number, held: boolean, size = 0): void => {
    statements.push({ kind, stated, held, size });
  };
  const leaderMean = trueMeanOf(leader.fingerprint);
  add('the winner is the best', leader.probabilityCorrect, isBest(leader.fingerprint));
  add(
    'the winner is within 0.2 points of the best',
    leader.probabilityIndifferent,
    search.highest - leaderMean <= indifference,
  );
  const tied = candidates.filter((candidate, index) => index === 0 || candidate.tied);
  add(
    'the best is the winner or tied with it',
    tied.reduce((sum, { probabilityBest }) => sum + (probabilityBest ?? 0), 0),
    tied.some(({ fingerprint }) => isBest(fingerprint)),
    tied.length,
  );
  const notRejected = notRejectedAsBest(measured);
  if (notRejected !== null) add(comparisonKind, 0.95, notRejected.some(isBest), notRejected.length);
  for (const [index, { fingerprint, probabilityBest, trueMean, behindLeader }] of candidates.entries()) {
    const own = trueMeanOf(fingerprint);
    add('a candidate is the best', probabilityBest ?? 0, isBest(fingerprint));
    if (trueMean !== null) {
      if (index === 0) add("the interval of the winner's mean", 0.95, contains(trueMean.interval, own));
      add('the interval of any mean', 0.95, contains(trueMean.interval, own));
    }
    if (behindLeader !== null) {
      add('the interval of a difference to the winner', 0.95, contains(behindLeader.interval, leaderMean - own));
    }
  }
  return statements;
}
