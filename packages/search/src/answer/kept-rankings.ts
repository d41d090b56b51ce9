import type { SearchResults } from '@compound-search/store';
import { LRUCache } from 'lru-cache';

import type { ObjectiveRanking } from './objective-rows.ts';
import { countTrials, rankResults } from './rank-results.ts';

/** Ranks the candidates of a search. */
export type Rank = (results: SearchResults) => ObjectiveRanking;

/** Some ten megabytes, and as many as sixteen of the largest searches that are accepted by default. */
const mostRows = 20_000;

interface KeptRanking {
  readonly resultsVersion: string;
  readonly ranking: ObjectiveRanking;
}

/**
 * Ranks as {@link rankResults} does, and keeps the ranking of a search until it has other results: however many watch a
 * search, each result is assessed once. Those that were not asked for the longest are given up first.
 */
export function keepRankings(maximumRows = mostRows): Rank {
  const kept = new LRUCache<string, KeptRanking>({
    maxSize: maximumRows,
    sizeCalculation: ({ ranking }) => Math.max(1, ranking.rows.length),
  });
  return (results) => {
    const { searchId, resultsVersion } = results;
    const known = kept.get(searchId);
    if (known?.resultsVersion === resultsVersion) return countAnew(known.ranking, results);
    const ranking = rankResults(results);
    kept.set(searchId, { resultsVersion, ranking });
    return ranking;
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
