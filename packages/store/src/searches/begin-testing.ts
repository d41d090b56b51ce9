import { randomUUID } from 'node:crypto';

import type { TrialJob } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { Prisma } from '../generated/client.ts';
import { hasOpenTrials, isExternal, mayMoveTo } from './search-moves.ts';
import type { SearchStore } from './search-store.ts';

const begunRow = z.object({
  begun: z.boolean(),
  trials: z.array(z.object({ trialId: z.string(), attempt: z.int() })),
});

export async function beginTesting(
  database: Database,
  { searchId, candidateId, seeds }: Parameters<SearchStore['beginTesting']>[0],
): Promise<TrialJob[] | null> {
  if (!isUuid(searchId) || !isUuid(candidateId)) return null;
  const trials = JSON.stringify(seeds.map((seed, place) => ({ id: randomUUID(), seed, place })));
  const rows = await database.rows(
    begunRow,
    Prisma.sql`
      WITH begun AS (
        UPDATE search SET state = 'testing', winner_candidate_id = candidate.id, revision = search.revision + 1
        FROM candidate
        WHERE search.id = ${searchId}::uuid AND ${mayMoveTo('testing')} AND NOT search.undecided
          AND candidate.id = ${candidateId}::uuid AND candidate.search_id = search.id
          AND NOT ${hasOpenTrials(Prisma.sql`${searchId}::uuid`)}
        RETURNING search.id, ${isExternal} AS external
      ), added AS (
        INSERT INTO trial (id, search_id, candidate_id, purpose, seed, external)
        SELECT new.id, begun.id, ${candidateId}::uuid, 'test', new.seed, begun.external
        FROM begun, jsonb_to_recordset(${trials}::jsonb) AS new (id uuid, seed int, place int)
        ORDER BY new.place
        RETURNING id, attempt, sequence, external
      )
      SELECT EXISTS (SELECT FROM begun) AS begun,
             coalesce((SELECT jsonb_agg(jsonb_build_object('trialId', id, 'attempt', attempt) ORDER BY sequence)
                       FROM added WHERE NOT external), '[]') AS trials`,
  );
  const row = rows[0];
  return row?.begun === true ? row.trials : null;
}
