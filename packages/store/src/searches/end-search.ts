import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { answerKind } from '../documents/kinds.ts';
import { storedText } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { hasOpenTrials, mayMoveTo, moveSearch } from './search-moves.ts';
import type { SearchStore } from './search-store.ts';

/** The state and the answer in one statement: a search that has ended has the answer that it will always have. */
export async function endSearch(
  database: Database,
  { searchId, state, winnerCandidateId, answer }: Parameters<SearchStore['endSearch']>[0],
): Promise<boolean> {
  if (!isUuid(searchId)) return false;
  const ended = await moveSearch(database, searchId, {
    row: z.object({ id: z.string() }),
    statement: Prisma.sql`
      UPDATE search SET state = ${state}::search_state, ended_at = now(), revision = revision + 1,
             winner_candidate_id = coalesce(winner_candidate_id, ${winnerCandidateId ?? null}::uuid),
             answer = ${answer === null ? null : storedText(answerKind, answer)}::jsonb
      WHERE id = ${searchId}::uuid AND ${mayMoveTo(state)} AND NOT ${hasOpenTrials(Prisma.sql`${searchId}::uuid`)}
      RETURNING id`,
  });
  return ended.length === 1;
}

export async function recordAnswer(
  database: Database,
  { searchId, answer }: Parameters<SearchStore['recordAnswer']>[0],
): Promise<boolean> {
  if (!isUuid(searchId)) return false;
  const recorded = await database.rows(
    z.object({ id: z.string() }),
    Prisma.sql`
      UPDATE search SET answer = ${storedText(answerKind, answer)}::jsonb, revision = revision + 1
      WHERE id = ${searchId}::uuid AND state = 'cancelled' AND answer IS NULL
      RETURNING id`,
  );
  return recorded.length === 1;
}
