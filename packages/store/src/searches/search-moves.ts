import { searchMoves, type SearchState, searchStates } from '@compound-search/contracts';
import type { z } from 'zod';

import type { Database } from '../database/database.ts';
import { Prisma } from '../generated/client.ts';

/** Holds while a search has trials that have not ended. */
export function hasOpenTrials(searchId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT FROM trial_tally
                     WHERE trial_tally.search_id = ${searchId} AND trial_tally.state IN ('queued', 'running')
                       AND trial_tally.trials > 0)`;
}

/** Holds while a search has trials that run. */
export function hasRunningTrials(searchId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT FROM trial_tally
                     WHERE trial_tally.search_id = ${searchId} AND trial_tally.state = 'running'
                       AND trial_tally.trials > 0)`;
}

/** Holds while ranking trials of a round before the last one have not ended. */
export const hasTrialsOfEarlierRounds = Prisma.sql`EXISTS (
  SELECT FROM trial WHERE trial.search_id = search.id AND trial.round < search.round
    AND trial.state IN ('queued', 'running') AND trial.purpose = 'ranking')`;

/** Holds for a search whose trials are trained elsewhere. */
export const isExternal = Prisma.sql`search.request ->> 'trainings' IS NOT DISTINCT FROM 'external'`;

/** Holds for a search in a state from which it may move to the given one, by the table of moves. */
export function mayMoveTo(state: SearchState): Prisma.Sql {
  const before = searchStates.filter((from) => (searchMoves[from] as readonly SearchState[]).includes(state));
  return Prisma.sql`search.state = ANY (${before}::text[]::search_state[])`;
}

/**
 * Carries out a statement that moves a search where its trials allow it. The search is locked by a statement before, so
 * that this one sees what whoever held it has done to the trials: a condition that had to wait for a row is only evaluated
 * anew for that row, and not for what it counts in other tables.
 */
export async function moveSearch<T extends z.ZodType>(
  database: Database,
  searchId: string,
  { row, statement }: { readonly row: T; readonly statement: Prisma.Sql },
): Promise<z.infer<T>[]> {
  const [, rows] = await database.run((client) =>
    client.$transaction([
      client.$queryRaw`SELECT id FROM search WHERE id = ${searchId}::uuid FOR UPDATE`,
      client.$queryRaw(statement),
    ]),
  );
  return row.array().parse(rows);
}
