import {
  type Candidate,
  CompoundSearchError,
  type Leaderboard,
  type LeaderboardOrder,
  type LeaderboardRow,
} from '@compound-search/contracts';
import { paretoFront, type RankedCandidate } from '@compound-search/ranking';
import { objective, paperObjectiveExponent } from '@compound-search/scaling';
import type { CandidateResults, SearchResults, SearchStore } from '@compound-search/store';

import { arrangeRows, isWholeByRank } from './arrange-rows.ts';
import type { Rank } from './kept-rankings.ts';
import type { ObjectiveRow } from './objective-rows.ts';
import { rankResults } from './rank-results.ts';

/** Which rows of a leaderboard: `cursor` is the `next` of the page before, of the same order and filters. */
export interface LeaderboardPage {
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** @defaultValue all rows, best first */
  readonly order?: LeaderboardOrder;
}

/**
 * The leaderboard of a search, whether it has ended or not, a page at a time; null where there is no such search. Two
 * statements, whose cost grows with the candidates and not with the trials.
 *
 * @param rank Of {@link keepRankings} where many may ask.
 * @throws CompoundSearchError VALIDATION_FAILED for a cursor that no page has given.
 */
export async function readLeaderboard(
  store: Pick<SearchStore, 'getResults' | 'getCandidates'>,
  searchId: string,
  { limit, cursor, order = { sort: 'rank' } }: LeaderboardPage,
  rank: Rank = rankResults,
): Promise<Leaderboard | null> {
  const start = cursor === undefined ? 0 : parseCursor(cursor);
  const results = await store.getResults(searchId);
  if (results === null) return null;
  const { rows: ranked } = await rank(results);
  // Whatever is sorted or filtered by may be in any row, so that all are read; else the page's own are enough.
  const byRank = isWholeByRank(order);
  const shown = byRank ? ranked.slice(start, start + limit) : ranked;
  const read = await readRows(store, results, { ranked, shown });
  const arranged = byRank ? read : arrangeRows(read, order);
  const count = byRank ? ranked.length : arranged.length;
  const rows = byRank ? arranged : arranged.slice(start, start + limit);
  const { state, revision, baseline, engines } = results;
  const next = start + limit < count ? String(start + limit) : null;
  return { searchId, state, revision, baseline, engines: [...engines], rows, next };
}

async function readRows(
  store: Pick<SearchStore, 'getCandidates'>,
  results: SearchResults,
  { ranked, shown }: { readonly ranked: readonly ObjectiveRow[]; readonly shown: readonly ObjectiveRow[] },
): Promise<LeaderboardRow[]> {
  const byFingerprint = new Map(results.candidates.map((entry) => [entry.fingerprint, entry]));
  const front = frontOf(ranked, byFingerprint);
  const page = shown.map((row) => ({ row, entry: entryOf(row, byFingerprint) }));
  const candidates = await store.getCandidates(page.map(({ entry }) => entry.candidateId));
  return page.map(({ row, entry: { candidateId } }): LeaderboardRow => {
    const candidate = candidates.get(candidateId);
    if (candidate === undefined) throw new Error(`Candidate ${candidateId} with network ${row.fingerprint} is gone`);
    const reward = rewardOf(row.validationAccuracy, candidate, results);
    return toRow(candidate, candidateId, row, { paretoOptimal: front.has(row.fingerprint), reward });
  });
}

/** The candidates on the Pareto front of accuracy and MACs, by fingerprint. */
function frontOf(
  ranked: readonly RankedCandidate[],
  entries: ReadonlyMap<string, CandidateResults>,
): ReadonlySet<string> {
  const points = ranked.flatMap((row) => {
    const { fingerprint, validationAccuracy } = row;
    const { macs } = entryOf(row, entries);
    return validationAccuracy === null ? [] : [{ fingerprint, value: validationAccuracy.mean, cost: macs }];
  });
  const front = paretoFront(points);
  return new Set(points.filter((_point, index) => front[index]).map(({ fingerprint }) => fingerprint));
}

function rewardOf(
  accuracy: LeaderboardRow['validationAccuracy'],
  { macs }: Pick<Candidate, 'macs'>,
  { baseline, objective: wanted }: Pick<SearchResults, 'baseline' | 'objective'>,
): number | null {
  const exponent = wanted.kind === 'reward' ? wanted.exponent : paperObjectiveExponent;
  return accuracy === null ? null : objective(accuracy.mean, macs, { target: baseline.macs, exponent });
}

function parseCursor(cursor: string): number {
  if (/^[1-9]\d{0,8}$/.test(cursor)) return Number(cursor);
  throw new CompoundSearchError('VALIDATION_FAILED', 'The cursor is none that a page has given', {
    field: 'cursor',
    value: cursor,
    remedy: 'Use the `next` of the page before, or leave it out for the first page.',
  });
}

function entryOf(row: RankedCandidate, entries: ReadonlyMap<string, CandidateResults>): CandidateResults {
  const entry = entries.get(row.fingerprint);
  if (entry === undefined) throw new Error(`Network ${row.fingerprint} was ranked without being a candidate`);
  return entry;
}

/** Field by field behind those of the candidate: copies of copies take longer than all that is looked up for a row. */
function toRow(
  candidate: Candidate,
  candidateId: string,
  row: ObjectiveRow,
  { paretoOptimal, reward }: Pick<LeaderboardRow, 'paretoOptimal' | 'reward'>,
): LeaderboardRow {
  const { rank, validationAccuracy, validationLoss, tied, probabilityBest, trials } = row;
  return {
    ...candidate,
    candidateId,
    rank,
    validationAccuracy,
    expectedAccuracy: toExpected(row.expectedAccuracy),
    validationLoss,
    expectedLoss: toExpected(row.expectedLoss),
    tied,
    probabilityBest,
    behindBest: toDifference(row.behindBest),
    trials,
    paretoOptimal,
    reward,
  };
}

function toDifference(behindBest: RankedCandidate['behindBest']): LeaderboardRow['behindBest'] {
  if (behindBest === null) return null;
  const { difference, standardError, interval } = behindBest;
  return { difference, standardError, interval: interval === null ? null : [...interval] };
}

/** The same with an interval as JSON has it. */
export function toExpected(expected: ObjectiveRow['expectedAccuracy']): LeaderboardRow['expectedAccuracy'] {
  return expected === null ? null : { mean: expected.mean, interval: [...expected.interval] };
}
