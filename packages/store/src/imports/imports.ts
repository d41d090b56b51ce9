import { blameOf, type TrialResult } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { jsonText } from '../database/json-text.ts';
import { failureKind, resultKind } from '../documents/kinds.ts';
import { storedJson } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { type ImportedResult, type ImportStore, type ImportVerdict, importVerdicts } from './import-store.ts';

/** The imports' part of the store. */
export function createImportStore(database: Database): ImportStore {
  return { importResults: (input) => importResults(database, input) };
}

const verdictRow = z.object({ verdict: z.enum(importVerdicts) });

/**
 * One statement. Trials are locked first, in the order of their ids, and the verdicts are of the locked rows: between a
 * verdict and the end of a trial no worker can take it.
 */
async function importResults(
  database: Database,
  { searchId, results, unassigned }: Parameters<ImportStore['importResults']>[0],
): Promise<ImportVerdict[]> {
  if (!isUuid(searchId)) return results.map(() => 'unassigned');
  const accepted = ['imported', 'repeated', ...(unassigned === 'skip' ? ['unassigned'] : [])];
  const rows = await database.rows(
    verdictRow,
    Prisma.sql`
      WITH given AS (
        SELECT * FROM jsonb_to_recordset(${jsonText(results.map(toRow))}::jsonb) AS new (
          place int, candidate_id uuid, purpose trial_purpose, seed int, seconds double precision, step int,
          result jsonb, told jsonb, failure jsonb, failed_by blame)
      ), matched AS (
        SELECT given.place, trial.id, trial.state, trial.pause_after, trial.result, trial.failure
        FROM given JOIN trial ON trial.search_id = ${searchId}::uuid AND trial.candidate_id = given.candidate_id
                             AND trial.seed = given.seed AND trial.purpose = given.purpose
        ORDER BY trial.id FOR UPDATE OF trial
      ), judged AS (
        SELECT given.*, matched.id AS trial_id,
               CASE WHEN matched.id IS NULL THEN 'unassigned'
                    WHEN matched.result @> given.told OR matched.failure ->> 'code' = given.failure ->> 'code'
                      THEN 'repeated'
                    WHEN matched.state IN ('completed', 'failed') THEN 'other'
                    WHEN matched.state <> 'queued' THEN matched.state::text
                    WHEN matched.pause_after IS NOT NULL THEN 'pauses'
                    ELSE 'imported' END AS verdict
        FROM given LEFT JOIN matched USING (place)
      ), ended AS (
        UPDATE trial
        SET state = CASE WHEN judged.failure IS NULL THEN 'completed' ELSE 'failed' END::trial_state,
            result = judged.result, failure = judged.failure, failed_by = judged.failed_by, external = true,
            step = coalesce(judged.step, 0), steps = judged.step, ended_at = now(),
            started_at = now() - make_interval(secs => judged.seconds)
        FROM judged
        WHERE trial.id = judged.trial_id AND judged.verdict = 'imported' AND trial.state = 'queued'
          AND NOT EXISTS (SELECT FROM judged WHERE verdict <> ALL (${accepted}::text[]))
        RETURNING trial.id
      ), counted AS (
        UPDATE search SET imported_trials = imported_trials + new.trials
        FROM (SELECT count(*)::int AS trials FROM ended) AS new
        WHERE search.id = ${searchId}::uuid AND new.trials > 0
      )
      SELECT verdict FROM judged ORDER BY place`,
  );
  return rows.map(({ verdict }) => verdict);
}

/** Documents of jsonb; what was told of a result is compared without what was not. */
function toRow({ candidateId, purpose, seed, seconds, outcome }: ImportedResult, place: number) {
  const trial = { place, candidate_id: candidateId, purpose, seed, seconds };
  if ('failure' in outcome) {
    const { failure } = outcome;
    return {
      ...trial,
      step: failure.step,
      failure: storedJson(failureKind, failure),
      failed_by: blameOf(failure.code),
    };
  }
  const { result } = outcome;
  return { ...trial, step: result.steps, result: storedJson(resultKind, result), told: toldOf(result) };
}

function toldOf(result: TrialResult): Partial<TrialResult> {
  return Object.fromEntries(Object.entries(result).filter(([, value]) => value !== null));
}
