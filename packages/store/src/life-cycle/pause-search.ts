import { isClaimable, withinSearch } from '../attempts/order-of-turns.ts';
import { Prisma } from '../generated/client.ts';
import { mayMoveTo } from '../searches/search-moves.ts';
import type { Verb } from './verb.ts';

/** Claims look at the state of the search, under the lock that this takes. */
export function pauseSearch(searchId: string): Verb {
  return {
    changes: [
      Prisma.sql`
        UPDATE search SET state = 'paused', revision = revision + 1
        WHERE id = ${searchId}::uuid AND ${mayMoveTo('paused')}`,
    ],
  };
}

/** As many hints as a queue needs at once; it is given more when these have been taken. */
const MOST_JOBS = 1000;

export function resumeSearch(searchId: string): Verb {
  return {
    changes: [
      Prisma.sql`
        UPDATE search SET revision = revision + 1,
               state = CASE WHEN winner_candidate_id IS NULL THEN 'running' ELSE 'testing' END::search_state
        WHERE id = ${searchId}::uuid AND state = 'paused'`,
    ],
    jobs: Prisma.sql`
      SELECT id AS "trialId", attempt FROM trial WHERE search_id = ${searchId}::uuid AND ${isClaimable}
      ORDER BY ${withinSearch} LIMIT ${MOST_JOBS}`,
  };
}
