/**
 * Whose trial a free slot takes. Searches take turns, so that a small one posted behind a large one gets its share at once.
 *
 * 1. The search of the highest priority.
 * 2. One whose winner is tested: it is all but done, and its tests are few.
 * 3. The one with the fewest running trials: slots are shared and not starts, since trials are of very different lengths.
 * 4. The one that was given a slot the longest ago; one that has had none counts from when it was posted.
 *
 * So that nothing starves, one start in ten is decided by the last two alone.
 *
 * What this reads grows with the searches that have such trials, and with the slots, but not with the trials.
 */
import { Prisma } from '../generated/client.ts';

/** One start in so many leaves priorities out. */
const STARTS_PER_TURN_FOR_ALL = 10;

/** Holds for a trial that is for workers and queued; an index is over these alone. */
export const isClaimable = Prisma.sql`trial.state = 'queued' AND NOT trial.external`;

/** Holds for a search with one of its trials where that may start. A search that is stopping may still have reruns and models. */
export function mayStart(search: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    (${search}.state IN ('running', 'testing')
     OR ${search}.state <> 'paused' AND trial.purpose IN ('rerun', 'model'))`;
}

/** How long a trial that has found no memory is left to the other workers; without any it is long enough for others to end. */
const SECONDS_FOR_OTHERS = 30;

/** Holds for a trial that this worker may take: one that has found no memory there is left to others at first. */
export function isLeftTo(workerId: string): Prisma.Sql {
  return Prisma.sql`
    (trial.exhausted_on IS DISTINCT FROM ${workerId}
     OR trial.enqueued_at <= now() - make_interval(secs => ${SECONDS_FOR_OTHERS}))`;
}

/**
 * The order within a search: what was asked for by itself, tests, then the ranking trials, each as they were queued. With the
 * search before it, it is that of one index alone.
 */
export const withinSearch = Prisma.sql`trial.purpose DESC, trial.sequence`;

/**
 * The searches that have such trials, as `waiting`: a common table expression for WITH RECURSIVE, which looks into the
 * index for the next search from the end of the one before.
 */
export const waitingSearches = Prisma.sql`
  waiting AS (
    (SELECT search_id FROM trial WHERE ${isClaimable} ORDER BY search_id, ${withinSearch} LIMIT 1)
    UNION ALL
    SELECT (SELECT trial.search_id FROM trial WHERE ${isClaimable} AND trial.search_id > waiting.search_id
            ORDER BY trial.search_id, ${withinSearch} LIMIT 1)
    FROM waiting WHERE waiting.search_id IS NOT NULL
  )`;

/** The same searches as `ranked`, the one whose turn it is first. Follows {@link waitingSearches}. */
export const rankedSearches = Prisma.sql`
  under_way AS (
    SELECT search_id, count(*) AS trials FROM trial WHERE state = 'running' GROUP BY search_id
  ), turn AS (
    SELECT last_value % ${STARTS_PER_TURN_FOR_ALL} = 0 AS is_for_all FROM search_served_seq
  ), ranked AS (
    SELECT search.id, search.served, count(*) OVER () AS searches
    FROM turn CROSS JOIN waiting JOIN search ON search.id = waiting.search_id
    LEFT JOIN under_way ON under_way.search_id = search.id
    WHERE search.state <> 'paused'
    ORDER BY CASE WHEN is_for_all THEN 0 ELSE search.priority END DESC,
             NOT is_for_all AND search.state = 'testing' DESC,
             coalesce(under_way.trials, 0), search.served
  )`;
