import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { Prisma } from '../generated/client.ts';
import { mayClaim } from '../workers/may-claim.ts';
import type { AttemptStore, Claim, ClaimedTrial } from './attempt-store.ts';
import { claimPicked, hasReadablePlan, isReadableSearch } from './claim-trial.ts';
import { isClaimable, isLeftTo, mayStart, rankedSearches, waitingSearches, withinSearch } from './order-of-turns.ts';

/** Then a claim takes what it can get: whose turn it was is served all the same, by those that have come before. */
const MOST_TRIES_IN_TURN = 10;

/** Claims of one process wait for each other, since each has to count those before it. */
export function createClaimNextTrial(database: Database): AttemptStore['claimNextTrial'] {
  let last: Promise<unknown> = Promise.resolve();
  return (claim) => {
    const claimed = last.then(() => claimNextTrial(database, claim));
    last = claimed.catch(() => undefined);
    return claimed;
  };
}

async function claimNextTrial(database: Database, claim: Claim): Promise<ClaimedTrial | null> {
  const { workerId, leaseSeconds, token = randomUUID() } = claim;
  if (!isUuid(token)) return null;
  for (let tries = 1; ; tries += 1) {
    const inTurn = tries <= MOST_TRIES_IN_TURN;
    const claimed = await claimPicked(database, pickedNext({ token, workerId }, inTurn), {
      workerId,
      leaseSeconds,
      token,
    });
    if (claimed !== null || !inTurn || !(await hasClaimableTrials(database, workerId))) return claimed;
  }
}

/**
 * The trial whose turn it is, as `picked`: a common table expression for WITH RECURSIVE. Of a claim that is repeated it is
 * the one that has the token.
 *
 * The search is locked before one of its trials is picked. That is the other way round than everywhere else, and safe since
 * no claim waits for a trial: what another statement holds is passed over. Among several searches the order is the one of
 * before the lock; `inTurn` takes a trial only of a search that no other claim has served since then, so that claims of
 * several workers at once do not all go to the same one.
 */
export function pickedNext(
  { token, workerId }: Pick<Required<Claim>, 'token' | 'workerId'>,
  inTurn: boolean,
): Prisma.Sql {
  return Prisma.sql`
    ${waitingSearches}, ${rankedSearches}, claimed_before AS (
      SELECT id FROM trial WHERE state = 'running' AND attempt_token = ${token}::uuid
    ), next AS (
      SELECT trial.id FROM ranked
      CROSS JOIN LATERAL (
        SELECT id, state FROM search
        WHERE search.id = ranked.id AND search.state <> 'paused' AND ${isReadableSearch}
          AND (NOT ${inTurn} OR ranked.searches = 1 OR search.served = ranked.served)
        FOR NO KEY UPDATE
      ) AS held
      CROSS JOIN LATERAL (
        SELECT id FROM trial
        WHERE trial.search_id = held.id AND ${isClaimable} AND ${mayStart(Prisma.sql`held`)} AND ${hasReadablePlan}
          AND ${isLeftTo(workerId)}
        ORDER BY ${withinSearch} LIMIT 1 FOR UPDATE SKIP LOCKED
      ) AS trial
      WHERE NOT EXISTS (SELECT FROM claimed_before)
      LIMIT 1
    ), picked AS (
      SELECT id FROM claimed_before UNION ALL SELECT id FROM next
    )`;
}

async function hasClaimableTrials(database: Database, workerId: string): Promise<boolean> {
  const isAllowed = await mayClaim(workerId);
  const found = await database.rows(
    z.object({ id: z.string() }),
    Prisma.sql`
      WITH RECURSIVE ${waitingSearches}
      SELECT search.id FROM waiting JOIN search ON search.id = waiting.search_id
      WHERE search.state <> 'paused' AND ${isAllowed}
        AND EXISTS (SELECT FROM trial
                    WHERE trial.search_id = search.id AND ${isClaimable} AND ${isLeftTo(workerId)})
      LIMIT 1`,
  );
  return found.length > 0;
}
