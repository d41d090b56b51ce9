import { retried } from '../attempts/attempt-rows.ts';
import { Prisma } from '../generated/client.ts';
import { isExternal, mayMoveTo } from '../searches/search-moves.ts';
import type { Verb } from './verb.ts';

/**
 * Those that decide what comes next: while the winner is tested its tests, else the ranking trials. Of a search that has
 * ended it is the ranking trials; the failed tests of its winner follow when that has been found once more.
 */
function isToRetry(searchId: string): Prisma.Sql {
  return Prisma.sql`
    search.id = ${searchId}::uuid AND search.state IN ('running', 'testing', 'paused')
    AND trial.search_id = search.id AND trial.state = 'failed'
    AND trial.purpose = CASE WHEN search.winner_candidate_id IS NULL THEN 'ranking' ELSE 'test' END::trial_purpose`;
}

/** A worker trains what a worker is to train, also where the failure was imported. */
export function retryFailed(searchId: string): Verb {
  return {
    trials: Prisma.sql`state = 'failed' AND purpose IN ('ranking', 'test')`,
    changes: [
      Prisma.sql`
        UPDATE search SET state = 'running', ended_at = NULL, winner_candidate_id = NULL, answer = NULL,
               revision = revision + 1
        WHERE id = ${searchId}::uuid AND ended_at IS NOT NULL AND ${mayMoveTo('running')}`,
      Prisma.sql`
        UPDATE search SET imported_trials = imported_trials - failed.imported
        FROM (SELECT count(*)::int AS imported FROM trial, search
              WHERE ${isToRetry(searchId)} AND trial.external) AS failed
        WHERE search.id = ${searchId}::uuid AND failed.imported > 0`,
    ],
    jobs: Prisma.sql`
      WITH queued AS (
        UPDATE trial SET ${retried}, external = ${isExternal}
        FROM search WHERE ${isToRetry(searchId)}
        RETURNING trial.id, trial.attempt, trial.external, trial.sequence
      )
      SELECT id AS "trialId", attempt FROM queued WHERE NOT external ORDER BY sequence`,
  };
}
