import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { storeOnce } from '../creations/creations.ts';
import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { Prisma } from '../generated/client.ts';
import { isOfSearch } from '../searches/search-tallies.ts';
import type { RerunStore } from './model-store.ts';

const jobRow = z.object({ trialId: z.string(), attempt: z.int() });
const createdRow = jobRow.extend({ createdAt: z.date() });

/** The reruns' part of the store. */
export function createRerunStore(database: Database): RerunStore {
  return {
    async createRerun(trialId, creation) {
      if (!isUuid(trialId)) return null;
      const rerunId = creation?.id ?? randomUUID();
      const added = await storeOnce(creation, () =>
        database.rows(
          createdRow,
          Prisma.sql`
        WITH original AS (
          SELECT id, search_id, candidate_id, seed FROM trial WHERE id = ${trialId}::uuid AND state = 'completed'
        ), planned AS (
          INSERT INTO model_plan (trial_id, plan)
          SELECT ${rerunId}::uuid, plan FROM model_plan JOIN original ON original.id = model_plan.trial_id
        )
        INSERT INTO trial (id, search_id, candidate_id, purpose, seed, rerun_of_trial_id, request_hash)
        SELECT ${rerunId}::uuid, search_id, candidate_id, 'rerun', seed, id, ${creation?.requestHash ?? null}
        FROM original
        RETURNING id AS "trialId", attempt, created_at AS "createdAt"`,
        ),
      );
      const [row] = added;
      return row === undefined ? null : { job: jobRow.parse(row), createdAt: row.createdAt.toISOString() };
    },

    async cancelTrial(trialId) {
      if (!isUuid(trialId)) return false;
      const cancelled = await database.rows(
        z.object({ id: z.string() }),
        Prisma.sql`
        UPDATE trial SET state = 'cancelled', lease_expires_at = NULL, ended_at = now()
        WHERE id = ${trialId}::uuid AND NOT ${isOfSearch} AND state IN ('queued', 'running')
        RETURNING id`,
      );
      return cancelled.length === 1;
    },
  };
}
