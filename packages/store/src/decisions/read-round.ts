import { blames, trialStates } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { Prisma } from '../generated/client.ts';
import type { SearchRound } from './decision-store.ts';

const roundRow = z.object({
  round: z.int(),
  candidates: z.array(z.object({ fingerprint: z.string(), macs: z.int() })),
  assigned: z.array(
    z.object({
      round: z.int(),
      fingerprint: z.string(),
      seed: z.int(),
      epochs: z.int().nullable(),
      state: z.enum(trialStates),
      isPromoted: z.boolean(),
      failedBy: z.enum(blames).nullable(),
      validationAccuracy: z.number().nullable(),
      validationLoss: z.number().nullable(),
      seconds: z.number(),
    }),
  ),
});

/**
 * One statement, so that all of it is of one moment. Epochs are those of the first attempt that had each: a later one
 * repeats them, on another machine perhaps with other last bits, and what has been decided once must not change.
 */
export async function readRound(database: Database, searchId: string): Promise<SearchRound | null> {
  if (!isUuid(searchId)) return null;
  const [row] = await database.rows(
    roundRow,
    Prisma.sql`
      SELECT search.round,
             (SELECT coalesce(jsonb_agg(jsonb_build_object('fingerprint', fingerprint, 'macs', macs) ORDER BY ordinal), '[]')
              FROM candidate WHERE candidate.search_id = search.id) AS candidates,
             (SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'round', assignment.round, 'fingerprint', candidate.fingerprint, 'seed', trial.seed,
                       'epochs', assignment.epochs, 'state', trial.state,
                       'isPromoted', trial.round > assignment.round, 'failedBy', trial.failed_by,
                       'validationAccuracy', coalesce(rung.validation_accuracy,
                                                      (trial.result ->> 'validationAccuracy')::double precision),
                       'validationLoss', coalesce(rung.validation_loss,
                                                  (trial.result ->> 'validationLoss')::double precision),
                       'seconds', CASE WHEN trial.external
                         THEN coalesce(extract(epoch FROM trial.ended_at - trial.started_at), 0)
                         ELSE coalesce(trained.seconds, 0) END) ORDER BY assignment.round, assignment.place), '[]')
              FROM assignment JOIN trial ON trial.id = assignment.trial_id
              JOIN candidate ON candidate.id = trial.candidate_id
              LEFT JOIN LATERAL (SELECT validation_accuracy, validation_loss FROM epoch
                                 WHERE epoch.trial_id = trial.id AND epoch.epoch = assignment.epochs
                                 ORDER BY attempt LIMIT 1) AS rung ON true
              LEFT JOIN LATERAL (SELECT sum(seconds) AS seconds FROM (
                                   SELECT DISTINCT ON (epoch) seconds FROM epoch
                                   WHERE epoch.trial_id = trial.id
                                     AND (assignment.epochs IS NULL OR epoch <= assignment.epochs)
                                   ORDER BY epoch, attempt) AS first_of_each) AS trained ON true
              WHERE assignment.search_id = search.id) AS assigned
      FROM search WHERE search.id = ${searchId}::uuid`,
  );
  return row ?? null;
}
