import { randomUUID } from 'node:crypto';

import { isUuid } from '../database/identifiers.ts';
import { Prisma } from '../generated/client.ts';
import type { Operation } from './attempt-rows.ts';
import { claimPicked, isReadableSearch } from './claim-trial.ts';
import { mayStart, withinSearch } from './order-of-turns.ts';

/**
 * Searches take turns here too, by priority and by who was served the longest ago. Trials that pause at a rung are for nobody
 * elsewhere: their checkpoints are where they were trained.
 */
export const claimExternalTrial: Operation<'claimExternalTrial'> = async (database, input) => {
  const { searchId, workerId, leaseSeconds, token = randomUUID() } = input;
  if (!isUuid(token) || (searchId !== undefined && !isUuid(searchId))) return null;
  const isOfSearch = searchId === undefined ? Prisma.sql`true` : Prisma.sql`search.id = ${searchId}::uuid`;
  const picked = Prisma.sql`
    claimed_before AS (
      SELECT id FROM trial WHERE state = 'running' AND attempt_token = ${token}::uuid
    ), next AS (
      SELECT trial.id FROM trial JOIN search ON search.id = trial.search_id
      WHERE trial.state = 'queued' AND trial.external AND trial.pause_after IS NULL AND ${isOfSearch}
        AND ${mayStart(Prisma.sql`search`)} AND ${isReadableSearch} AND NOT EXISTS (SELECT FROM claimed_before)
      ORDER BY search.priority DESC, search.state = 'testing' DESC, search.served, ${withinSearch}
      LIMIT 1 FOR UPDATE OF trial SKIP LOCKED
    ), picked AS (
      SELECT id FROM claimed_before UNION ALL SELECT id FROM next
    )`;
  return claimPicked(database, picked, { workerId, leaseSeconds, token });
};
