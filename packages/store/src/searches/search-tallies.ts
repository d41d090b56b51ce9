import { searchTrialPurposes, trialPurposes, trialStates } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { Prisma } from '../generated/client.ts';
import type { RunningTrials, TrialTally } from './progress.ts';

/** What the trials of one search add up to. */
export interface SearchTallies {
  readonly tallies: readonly TrialTally[];
  readonly running: RunningTrials;
}

const tallyRow = z.object({
  searchId: z.string(),
  purpose: z.enum(trialPurposes),
  state: z.enum(trialStates),
  trials: z.int(),
  seconds: z.number(),
  /** Of running trials only. */
  done: z.number(),
});

/** Holds for the trials that a search consists of; reruns and models decide nothing about it. */
export const isOfSearch = Prisma.sql`trial.purpose = ANY (${[...searchTrialPurposes]}::text[]::trial_purpose[])`;

/**
 * The tallies of any number of searches in one statement. What has ended is counted already; of running trials, which
 * are as many as there are slots, the steps and seconds are added up.
 */
export async function readTallies(
  database: Database,
  searchIds: readonly string[],
): Promise<ReadonlyMap<string, SearchTallies>> {
  const rows = await database.rows(
    tallyRow,
    Prisma.sql`
      WITH under_way AS (
        SELECT search_id, purpose, coalesce(sum(step::double precision / nullif(steps, 0)), 0) AS done,
               coalesce(sum(extract(epoch FROM now() - started_at)), 0)::double precision AS seconds
        FROM trial WHERE state = 'running' AND search_id = ANY (${searchIds}::uuid[]) AND ${isOfSearch}
        GROUP BY search_id, purpose
      )
      SELECT search_id AS "searchId", purpose::text, state::text, trials,
             CASE state WHEN 'running' THEN coalesce(under_way.seconds, 0) ELSE tally.seconds END AS seconds,
             CASE state WHEN 'running' THEN coalesce(under_way.done, 0) ELSE 0 END AS done
      FROM trial_tally AS tally LEFT JOIN under_way USING (search_id, purpose)
      WHERE search_id = ANY (${searchIds}::uuid[])`,
  );
  return new Map(searchIds.map((searchId) => [searchId, toTallies(rows.filter((row) => row.searchId === searchId))]));
}

function toTallies(rows: readonly z.infer<typeof tallyRow>[]): SearchTallies {
  const running = rows.filter(({ state }) => state === 'running');
  return {
    tallies: rows.map(({ purpose, state, trials, seconds }) => ({
      purpose,
      state,
      trials,
      seconds: state === 'running' ? 0 : seconds,
    })),
    running: {
      done: running.reduce((sum, { done }) => sum + done, 0),
      seconds: running.reduce((sum, { seconds }) => sum + seconds, 0),
    },
  };
}
