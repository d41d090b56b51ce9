import { curveSchema } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { pageOfRows, sequenceOf } from '../database/pages.ts';
import { Prisma } from '../generated/client.ts';
import { isOfSearch } from '../searches/search-tallies.ts';
import type { CurveRequest, TrialStore } from './trial-store.ts';

const curveRow = curveSchema.extend({ id: z.string(), sequence: z.bigint() });

/** One statement for all curves of a page: what is left out of them is not read out of the database. */
export async function listCurves(
  database: Database,
  searchId: string,
  request: CurveRequest,
): ReturnType<TrialStore['listCurves']> {
  const shown = trialsOf(searchId, request);
  if (!isUuid(searchId)) return null;
  const search = await database.run((client) =>
    client.search.findUnique({ where: { id: searchId }, select: { id: true } }),
  );
  if (search === null) return null;
  const rows = await database.rows(
    curveRow,
    Prisma.sql`
      WITH shown AS (${shown}), ended AS (${endedEpochs}), placed AS (${placedEpochs(searchId)}), curve AS (
        SELECT trial_id, max(epochs) AS epochs, array_agg(epoch ORDER BY epoch) AS epoch,
               array_agg(train_loss ORDER BY epoch) AS train_loss,
               array_agg(validation_loss ORDER BY epoch) AS validation_loss,
               array_agg(validation_accuracy ORDER BY epoch) AS validation_accuracy
        FROM placed WHERE ${isKept(request.points)} GROUP BY trial_id
      )
      SELECT shown.id, shown.sequence, shown.id AS "trialId", candidate_id AS "candidateId", fingerprint, purpose, seed,
             state, attempt, coalesce(epochs, 0)::int AS epochs, coalesce(epoch, '{}') AS epoch,
             coalesce(train_loss, '{}') AS "trainLoss", coalesce(validation_loss, '{}') AS "validationLoss",
             coalesce(validation_accuracy, '{}') AS "validationAccuracy"
      FROM shown LEFT JOIN curve ON curve.trial_id = shown.id ORDER BY sequence`,
  );
  return pageOfRows(rows, request.limit, (row) => curveSchema.parse(row));
}

function trialsOf(searchId: string, { fingerprint, seed, state, ...page }: CurveRequest): Prisma.Sql {
  const from = sequenceOf(page);
  const conditions = [
    Prisma.sql`trial.search_id = ${searchId}::uuid`,
    isOfSearch,
    ...(from === undefined ? [] : [Prisma.sql`trial.sequence > ${from}`]),
    ...(fingerprint === undefined ? [] : [Prisma.sql`candidate.fingerprint = ${fingerprint}`]),
    ...(seed === undefined ? [] : [Prisma.sql`trial.seed = ${seed}`]),
    ...(state === undefined ? [] : [Prisma.sql`trial.state = ${state}::trial_state`]),
  ];
  return Prisma.sql`
    SELECT trial.id, trial.sequence, trial.candidate_id, candidate.fingerprint, trial.purpose::text, trial.seed,
           trial.state::text, trial.attempt, trial.round
    FROM trial JOIN candidate ON candidate.id = trial.candidate_id
    WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY trial.sequence LIMIT ${page.limit + 1}`;
}

/** As in the curve of a single trial: of the attempt, and of those before it as far as they were assigned. */
const endedEpochs = Prisma.sql`
  SELECT DISTINCT ON (trial_id, epoch.epoch) epoch.* FROM shown JOIN epoch ON epoch.trial_id = shown.id
  LEFT JOIN LATERAL (
    SELECT max(epochs) AS epochs FROM assignment
    WHERE assignment.trial_id = shown.id AND assignment.round < shown.round
  ) AS assigned ON shown.round > 1
  WHERE epoch.attempt = shown.attempt OR epoch.epoch <= assigned.epochs
  ORDER BY trial_id, epoch.epoch, epoch.attempt DESC`;

/** With their place from 0 on, how many there are, and their place from 1 on by what the search ranks by. */
function placedEpochs(searchId: string): Prisma.Sql {
  const byLoss = Prisma.sql`(SELECT request #>> '{objective,kind}' = 'loss' FROM search WHERE id = ${searchId}::uuid)`;
  return Prisma.sql`
    SELECT ended.*, row_number() OVER (PARTITION BY trial_id ORDER BY epoch) - 1 AS place,
           count(*) OVER (PARTITION BY trial_id) AS epochs,
           row_number() OVER (
             PARTITION BY trial_id
             ORDER BY CASE WHEN ${byLoss} THEN validation_loss ELSE -validation_accuracy END, epoch
           ) AS merit
    FROM ended`;
}

/**
 * All where there are no more than the points. Else the best, and of the places from the first to the last, divided into
 * equal parts, the first of each and the last of all: one point less than there may be.
 */
function isKept(points: number): Prisma.Sql {
  const parts = Prisma.sql`${points - 2}::bigint`;
  return Prisma.sql`
    epochs <= ${points} OR merit = 1 OR place = 0 OR place * ${parts} / (epochs - 1) > (place - 1) * ${parts} / (epochs - 1)`;
}
