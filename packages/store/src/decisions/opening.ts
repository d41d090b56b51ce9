import type { Decision } from '@compound-search/contracts';

import { decisionKind } from '../documents/kinds.ts';
import { storedJson } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import type { NewTrial } from '../searches/search-rows.ts';

/** Stores the decisions that a search begins with, whose trials are stored already, in one statement. */
export function insertOpening(searchId: string, opening: readonly Decision[], trials: readonly NewTrial[]): Prisma.Sql {
  const decisions = opening.map((decision) => ({
    round: decision.round,
    document: storedJson(decisionKind, decision),
  }));
  const rounds = new Set(opening.map(({ round }) => round));
  const assigned = trials
    .filter(({ round }) => rounds.has(round))
    .map(({ id, round, epochs }, place) => ({ trial_id: id, round, place, epochs }));
  return Prisma.sql`
    WITH noted AS (
      INSERT INTO decision (search_id, round, document)
      SELECT ${searchId}::uuid, round, document
      FROM jsonb_to_recordset(${JSON.stringify(decisions)}::jsonb) AS new (round int, document jsonb)
    )
    INSERT INTO assignment (search_id, round, place, trial_id, epochs)
    SELECT ${searchId}::uuid, round, place, trial_id, epochs
    FROM jsonb_to_recordset(${JSON.stringify(assigned)}::jsonb)
      AS new (round int, place int, trial_id uuid, epochs int)`;
}
