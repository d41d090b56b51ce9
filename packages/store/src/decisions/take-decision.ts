import { randomUUID } from 'node:crypto';

import type { Decision, TrialJob } from '@compound-search/contracts';
import { z } from 'zod';

import { backToQueue } from '../attempts/attempt-rows.ts';
import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { decisionKind } from '../documents/kinds.ts';
import { storedText } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { isExternal } from '../searches/search-moves.ts';
import type { DecisionStore } from './decision-store.ts';

const takenRow = z.object({
  taken: z.boolean(),
  trials: z.array(z.object({ trialId: z.string(), attempt: z.int() })),
});

/**
 * One statement: the search moves on by a round where it still stands at the one before, and only then the rest happens.
 * A trial that it assigns anew and that has ended stays as it is: it has gone as far as it can.
 */
export async function takeDecision(
  database: Database,
  { searchId, decision }: Parameters<DecisionStore['takeDecision']>[0],
): Promise<TrialJob[] | null> {
  if (!isUuid(searchId)) return null;
  const { round, stop } = decision;
  const [row] = await database.rows(
    takenRow,
    Prisma.sql`
      WITH decided AS (
        UPDATE search SET round = ${round}, undecided = ${stop === null}, stop = ${stop}, revision = revision + 1
        WHERE id = ${searchId}::uuid AND state = 'running' AND undecided AND round = ${round - 1}
        RETURNING id, ${isExternal} AS external
      ), noted AS (
        INSERT INTO decision (search_id, round, document)
        SELECT id, ${round}, ${storedText(decisionKind, decision)}::jsonb FROM decided
      ), given AS (
        SELECT decided.id AS search_id, candidate.id AS candidate_id, coalesce(trial.id, new.id) AS trial_id,
               trial.id IS NULL AS is_new, new.seed, new.epochs, new.place, decided.external
        FROM decided, jsonb_to_recordset(${assignmentsText(decision)}::jsonb)
               AS new (id uuid, fingerprint text, seed int, epochs int, place int)
        JOIN candidate ON candidate.search_id = ${searchId}::uuid AND candidate.fingerprint = new.fingerprint
        LEFT JOIN trial ON trial.candidate_id = candidate.id AND trial.seed = new.seed AND trial.purpose = 'ranking'
      ), assigned AS (
        INSERT INTO assignment (search_id, round, place, trial_id, epochs)
        SELECT search_id, ${round}, place, trial_id, epochs FROM given
      ), added AS (
        INSERT INTO trial (id, search_id, candidate_id, purpose, seed, round, pause_after, external)
        SELECT trial_id, search_id, candidate_id, 'ranking', seed, ${round}, epochs, external FROM given WHERE is_new
        ORDER BY place
        RETURNING id, attempt
      ), promoted AS (
        UPDATE trial SET ${backToQueue('holder')}, ended_at = NULL, round = ${round}, pause_after = given.epochs
        FROM given WHERE trial.id = given.trial_id AND trial.state = 'paused'
        RETURNING trial.id, trial.attempt
      )
      SELECT EXISTS (SELECT FROM decided) AS taken,
             coalesce((SELECT jsonb_agg(jsonb_build_object('trialId', queued.id, 'attempt', queued.attempt)
                                        ORDER BY given.place)
                       FROM (SELECT * FROM added UNION ALL SELECT * FROM promoted) AS queued
                       JOIN given ON given.trial_id = queued.id WHERE NOT given.external), '[]') AS trials`,
  );
  return row?.taken === true ? row.trials : null;
}

/** Each with an identifier, for the case that there is no trial of that candidate and seed yet. */
function assignmentsText({ assignments }: Decision): string {
  return JSON.stringify(assignments.map((assignment, place) => ({ ...assignment, id: randomUUID(), place })));
}
