import { searchStates, trialPurposes, trialStates } from '@compound-search/contracts';
import { z } from 'zod';

import { isClaimable, mayStart, waitingSearches, withinSearch } from '../attempts/order-of-turns.ts';
import type { Database } from '../database/database.ts';
import { Prisma } from '../generated/client.ts';
import type { StatisticsStore } from './statistics-store.ts';

const searchesRow = z.object({ state: z.enum(searchStates), searches: z.int(), paused: z.int() });
const trialsRow = z.object({ purpose: z.enum(trialPurposes), state: z.enum(trialStates), trials: z.int() });
const waitRow = z.object({ seconds: z.number() });

/** The part of the store that sums up the record. */
export function createStatisticsStore(database: Database): StatisticsStore {
  return {
    async readStatistics() {
      const [searches, trials, [wait]] = await Promise.all([
        database.rows(searchesRow, searchesByState),
        database.rows(trialsRow, trialsByState),
        database.rows(waitRow, longestWait),
      ]);
      const paused = searches.reduce((sum, row) => sum + row.paused, 0);
      return {
        searches: searches.map((row) => ({ state: row.state, searches: row.searches })),
        trials: paused === 0 ? trials : [...trials, { purpose: 'ranking', state: 'paused', trials: paused }],
        queueWaitSeconds: wait?.seconds ?? 0,
      };
    },
  };
}

/** Paused trials are tallied in their search, and all of them are ranking trials. */
const searchesByState = Prisma.sql`
  SELECT state::text, count(*)::integer AS searches, sum(paused)::integer AS paused FROM search GROUP BY state`;

const trialsByState = Prisma.sql`
  SELECT purpose::text, state::text, sum(trials)::integer AS trials FROM trial_tally
  GROUP BY purpose, state HAVING sum(trials) > 0`;

/** One look into the index of claimable trials for each search that has some. */
const longestWait = Prisma.sql`
  WITH RECURSIVE ${waitingSearches}
  SELECT coalesce(max(extract(epoch FROM now() - next.enqueued_at)), 0)::double precision AS seconds
  FROM waiting JOIN search ON search.id = waiting.search_id
  CROSS JOIN LATERAL (
    SELECT enqueued_at FROM trial
    WHERE trial.search_id = search.id AND ${isClaimable} AND ${mayStart(Prisma.sql`search`)}
    ORDER BY ${withinSearch} LIMIT 1
  ) AS next`;
