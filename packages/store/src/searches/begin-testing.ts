import { randomUUID } from 'node:crypto';

import type { TrialJob } from '@compound-search/contracts';
import { z } from 'zod';

import { retried } from '../attempts/attempt-rows.ts';
import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { Prisma } from '../generated/client.ts';
import { hasOpenTrials, isExternal, moveSearch } from './search-moves.ts';
import type { SearchStore } from './search-store.ts';

const begunRow = z.object({
  begun: z.boolean(),
  trials: z.array(z.object({ trialId: z.string(), attempt: z.int() })),
});

/**
 * The tests of a winner that was tested before, and was found once more after a retry, are not made twice: those that have
 * failed run again, and the others stay.
 */
export async function beginTesting(
  database: Database,
  { searchId, candidateId, seeds }: Parameters<SearchStore['beginTesting']>[0],
): Promise<TrialJob[] | null> {
  if (!isUuid(searchId) || !isUuid(candidateId)) return null;
  const trials = JSON.stringify(seeds.map((seed, place) => ({ id: randomUUID(), seed, place })));
  const importedFailures = Prisma.sql`
    (SELECT count(*)::int FROM trial WHERE trial.candidate_id = ${candidateId}::uuid AND trial.purpose = 'test'
       AND trial.seed = ANY (${[...seeds]}::int[]) AND trial.state = 'failed' AND trial.external)`;
  const rows = await moveSearch(database, searchId, {
    row: begunRow,
    statement: Prisma.sql`
      WITH begun AS (
        UPDATE search SET state = 'testing', winner_candidate_id = candidate.id, revision = search.revision + 1,
               imported_trials = search.imported_trials - ${importedFailures}
        FROM candidate
        WHERE search.id = ${searchId}::uuid AND search.state = 'running' AND NOT search.undecided
          AND candidate.id = ${candidateId}::uuid AND candidate.search_id = search.id
          AND NOT ${hasOpenTrials(Prisma.sql`${searchId}::uuid`)}
        RETURNING search.id, ${isExternal} AS external
      ), added AS (
        INSERT INTO trial (id, search_id, candidate_id, purpose, seed, external)
        SELECT new.id, begun.id, ${candidateId}::uuid, 'test', new.seed, begun.external
        FROM begun, jsonb_to_recordset(${trials}::jsonb) AS new (id uuid, seed int, place int)
        ORDER BY new.place
        ON CONFLICT (candidate_id, seed, purpose) WHERE purpose IN ('ranking', 'test')
          DO UPDATE SET ${retried}, external = excluded.external WHERE trial.state = 'failed'
        RETURNING id, attempt, sequence, external
      )
      SELECT EXISTS (SELECT FROM begun) AS begun,
             coalesce((SELECT jsonb_agg(jsonb_build_object('trialId', id, 'attempt', attempt) ORDER BY sequence)
                       FROM added WHERE NOT external), '[]') AS trials`,
  });
  const row = rows[0];
  return row?.begun === true ? row.trials : null;
}
