import { Piscina } from 'piscina';

import type { Rank } from './kept-rankings.ts';
import type { ObjectiveRanking } from './objective-rows.ts';
import { type RankableResults, rankResults } from './rank-results.ts';

/** Up to so many candidates a ranking takes some 10 ms or less (`npm run bench:ranking`), which no thread is worth. */
const fewCandidates = 50;

/** A thread takes a second to start and 90 MB: one that is needed again soon is kept. */
const idleMilliseconds = 60_000;

/** Ranks off the event loop what takes long; `close` ends the threads. */
export interface RankingThreads {
  readonly rank: Rank;
  readonly close: () => Promise<void>;
}

/**
 * Ranks as {@link rankResults} does, in threads where there are many candidates: with 1,200 of them, or 200 that have
 * different seeds, a ranking takes up to a tenth of a second, in which the service would answer nobody.
 */
export function createRankingThreads(): RankingThreads {
  const threads = new Piscina<RankableResults, ObjectiveRanking>({
    filename: new URL('./ranking-thread.mjs', import.meta.url).href,
    minThreads: 0,
    maxThreads: 2,
    idleTimeout: idleMilliseconds,
  });
  return {
    rank: ({ candidates, objective, indifference }) => {
      const results = { candidates, objective, indifference };
      return candidates.length <= fewCandidates ? rankResults(results) : threads.run(results);
    },
    close: () => threads.close(),
  };
}
