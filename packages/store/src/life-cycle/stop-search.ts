import { Prisma } from '../generated/client.ts';
import { mayMoveTo } from '../searches/search-moves.ts';
import { isOfSearch } from '../searches/search-tallies.ts';
import type { Verb } from './verb.ts';

/** Reruns and models were asked for by themselves, and go on. */
const isQueued = Prisma.sql`trial.state = 'queued' AND ${isOfSearch}`;

export function stopSearch(searchId: string): Verb {
  return {
    trials: isQueued,
    changes: [
      Prisma.sql`
        UPDATE search SET state = 'stopping', revision = revision + 1
        WHERE id = ${searchId}::uuid AND ${mayMoveTo('stopping')}`,
      Prisma.sql`
        UPDATE trial SET state = 'cancelled', ended_at = now()
        WHERE search_id = ${searchId}::uuid AND ${isQueued}
          AND EXISTS (SELECT FROM search WHERE id = ${searchId}::uuid AND state = 'stopping')`,
    ],
  };
}
