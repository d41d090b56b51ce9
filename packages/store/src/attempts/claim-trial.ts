import { randomUUID } from 'node:crypto';

import { CompoundSearchError, type TrialSpecification, trialSpecificationSchema } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { networkKind, planKind, requestKind } from '../documents/kinds.ts';
import { isReadable, readStored, readStoredOrNull } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { mayClaim } from '../workers/may-claim.ts';
import { leaseEnd, type Operation } from './attempt-rows.ts';
import type { Claim, ClaimedTrial } from './attempt-store.ts';
import { failTrial } from './fail-trial.ts';
import { mayStart } from './order-of-turns.ts';

const claimRow = z.object({
  trialId: z.string(),
  request: z.unknown(),
  network: z.unknown(),
  datasetHash: z.string().nullable(),
  attempt: z.int(),
  purpose: z.string(),
  seed: z.int(),
  fingerprint: z.string(),
  depth: z.number(),
  width: z.number(),
  resolution: z.number(),
  epochs: z.int().nullable(),
  /** What the trial trains where it is not its candidate itself. */
  plan: z.unknown(),
});

/** Holds for a search whose trials this version of the service can train. */
export const isReadableSearch = Prisma.sql`
  ${isReadable(Prisma.sql`search.request`, requestKind)} AND ${isReadable(Prisma.sql`search.network`, networkKind)}`;

/** Holds for a trial that has no plan of its own, or one that this version can read. */
export const hasReadablePlan = Prisma.sql`
  NOT EXISTS (SELECT FROM model_plan
              WHERE trial_id = trial.id AND NOT ${isReadable(Prisma.sql`model_plan.plan`, planKind)})`;

export const claimTrial: Operation<'claimTrial'> = async (database, input) => {
  const { trialId, attempt, workerId, leaseSeconds, token = randomUUID() } = input;
  if (!isUuid(trialId) || !isUuid(token)) return null;
  const picked = Prisma.sql`
    picked AS (
      SELECT trial.id FROM trial JOIN search ON search.id = trial.search_id
      WHERE trial.id = ${trialId}::uuid AND trial.attempt = ${attempt} AND NOT trial.external AND ${mayStart(Prisma.sql`search`)}
        AND ${isReadableSearch} AND ${hasReadablePlan}
    )`;
  return claimPicked(database, picked, { workerId, leaseSeconds, token });
};

/** Claims the trial that is `picked`, a common table expression of at most one row, where it is still to be had. */
export async function claimPicked(
  database: Database,
  picked: Prisma.Sql,
  { workerId, leaseSeconds, token }: Required<Claim>,
): Promise<ClaimedTrial | null> {
  const isAllowed = await mayClaim(workerId);
  const claimed = await database.rows(
    claimRow,
    Prisma.sql`
      WITH RECURSIVE ${picked}, claimed AS (
        UPDATE trial SET state = 'running', attempt_token = ${token}::uuid, worker_id = ${workerId},
               lease_expires_at = ${leaseEnd(leaseSeconds)}, started_at = coalesce(started_at, now())
        WHERE id IN (SELECT id FROM picked)
          AND (state = 'queued' AND ${isAllowed} OR state = 'running' AND attempt_token = ${token}::uuid)
        RETURNING id, search_id, candidate_id, attempt, purpose, seed, pause_after
      ), served AS (
        UPDATE search SET served = nextval('search_served_seq') FROM claimed WHERE search.id = claimed.search_id
      )
      SELECT claimed.id AS "trialId", search.request, search.network, search.dataset_hash AS "datasetHash",
             claimed.attempt, claimed.purpose::text, claimed.seed, claimed.pause_after AS epochs,
             candidate.fingerprint, candidate.depth_multiplier AS depth, candidate.width_multiplier AS width,
             candidate.resolution_multiplier AS resolution,
             (SELECT plan FROM model_plan WHERE trial_id = claimed.id) AS plan
      FROM claimed JOIN search ON search.id = claimed.search_id JOIN candidate ON candidate.id = claimed.candidate_id`,
  );
  const row = claimed[0];
  if (row === undefined) return null;
  try {
    return { specification: specificationOf(row), token };
  } catch (error) {
    if (!(error instanceof CompoundSearchError)) throw error;
    // Nobody can train what nobody can read, and left alone it would come back as lost again and again.
    const { code, message } = error;
    await failTrial(database, { trialId: row.trialId, token, failure: { code, message, step: null } });
    return null;
  }
}

function specificationOf(row: z.infer<typeof claimRow>): TrialSpecification {
  const { dataset, split, recipe, device } = readStored(requestKind, row.request);
  const plan = readStoredOrNull(planKind, row.plan);
  const multipliers = { depth: row.depth, width: row.width, resolution: row.resolution };
  const { trialId, attempt, purpose, seed, datasetHash, fingerprint } = row;
  return trialSpecificationSchema.parse({
    trialId,
    attempt,
    purpose,
    seed,
    baseline: readStored(networkKind, row.network),
    dataset,
    datasetHash,
    split,
    recipe,
    device,
    fingerprint: plan?.fingerprint ?? fingerprint,
    multipliers: plan?.multipliers ?? multipliers,
    ...(row.epochs === null ? {} : { epochs: row.epochs }),
  });
}
