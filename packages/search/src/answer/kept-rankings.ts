import type { SearchResults } from '@compound-search/store';
import { LRUCache } from 'lru-cache';

import type { ObjectiveRanking } from './objective-rows.ts';
import { countTrials, rankResults } from './rank-results.ts';

/** Ranks the candidates of a search. */
export type Rank = (results: SearchResults) => ObjectiveRanking | Promise<ObjectiveRanking>;

/** Some ten megabytes, and as many as sixteen of the largest searches that are accepted by default. */
const mostRows = 20_000;

interface KeptRanking {
  readonly resultsVersion: string;
  readonly ranking: Promise<ObjectiveRanking>;
}

interface KeepOptions {
  /** @defaultValue here and at once */
  readonly rank?: Rank;
  readonly maximumRows?: number;
}

/**
 * Ranks as {@link rankResults} does, and keeps the ranking of a search until it has other results: however many watch a
 * search, each result is assessed once, also where they ask at the same time. Those that were not asked for the longest
 * are given up first.
 */
export function keepRankings({ rank = rankResults, maximumRows = mostRows }: KeepOptions = {}): (
  ...of: Parameters<Rank>
) => Promise<ObjectiveRanking> {
  const kept = new LRUCache<string, KeptRanking>({ maxSize: maximumRows });
  return async (results) => {
    const { searchId, resultsVersion, candidates } = results;
    const known = kept.get(searchId);
    if (known?.resultsVersion === resultsVersion) return countAnew(await known.ranking, results);
    const ranking = Promise.resolve(rank(results));
    kept.set(searchId, { resultsVersion, ranking }, { size: Math.max(1, candidates.length) });
    try {
      return await ranking;
    } catch (error) {
      // The next one who asks tries again.
      if (kept.peek(searchId)?.ranking === ranking) kept.delete(searchId);
      throw error;
    }
  };
}

/** Trials begin and are lost without a result: what is said of their number is of the moment. */
function countAnew(ranking: ObjectiveRanking, { candidates }: SearchResults): ObjectiveRanking {
  const trials = new Map(candidates.map((candidate) => [candidate.fingerprint, countTrials(candidate)]));
  return {
    ...ranking,
    rows: ranking.rows.map((row) => ({ ...row, trials: trials.get(row.fingerprint) ?? row.trials })),
  };
}
