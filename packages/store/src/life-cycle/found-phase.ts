import { phaseOf, type SearchPhase, searchStates } from '@compound-search/contracts';
import { z } from 'zod';

import { Prisma } from '../generated/client.ts';

/** Locks a search, also against new trials, and tells its state; its rows are for {@link foundPhase}. */
export function lockSearch(searchId: string): Prisma.Sql {
  return Prisma.sql`
    SELECT state::text, winner_candidate_id IS NOT NULL AS "hasWinner" FROM search
    WHERE id = ${searchId}::uuid FOR UPDATE`;
}

const rowsSchema = z.array(z.object({ state: z.enum(searchStates), hasWinner: z.boolean() }));

/** The phase in which the search was found; undefined where there is none. */
export function foundPhase(rows: unknown): SearchPhase | undefined {
  const [found] = rowsSchema.parse(rows);
  return found === undefined ? undefined : phaseOf(found.state, found.hasWinner);
}
