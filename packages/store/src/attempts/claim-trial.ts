import { randomUUID } from 'node:crypto';

import { CompoundSearchError, type TrialSpecification, trialSpecificationSchema } from '@compound-search/contracts';
import { z } from 'zod';

import { isUuid } from '../database/identifiers.ts';
import { networkKind, planKind, requestKind } from '../documents/kinds.ts';
import { isReadable, readStored, readStoredOrNull } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { leaseEnd, type Operation } from './attempt-rows.ts';
import { failTrial } from './fail-trial.ts';

const claimRow = z.object({
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

export const claimTrial: Operation<'claimTrial'> = async (database, input) => {
  const { trialId, attempt, workerId, leaseSeconds, token = randomUUID() } = input;
  if (!isUuid(trialId) || !isUuid(token)) return null;
  const claimed = await database.rows(
    claimRow,
    Prisma.sql`
      UPDATE trial SET state = 'running', attempt_token = ${token}::uuid, worker_id = ${workerId},
             lease_expires_at = ${leaseEnd(leaseSeconds)}, started_at = coalesce(trial.started_at, now())
      FROM candidate, search
      WHERE trial.id = ${trialId}::uuid AND trial.attempt = ${attempt} AND NOT trial.external
        AND (trial.state = 'queued' OR trial.state = 'running' AND trial.attempt_token = ${token}::uuid)
        AND candidate.id = trial.candidate_id AND search.id = trial.search_id
        AND ${isReadable(Prisma.sql`search.request`, requestKind)}
        AND ${isReadable(Prisma.sql`search.network`, networkKind)}
        AND NOT EXISTS (SELECT FROM model_plan
                        WHERE trial_id = trial.id AND NOT ${isReadable(Prisma.sql`model_plan.plan`, planKind)})
      RETURNING search.request, search.network, search.dataset_hash AS "datasetHash", trial.attempt,
                trial.purpose::text, trial.seed, trial.pause_after AS epochs,
                candidate.fingerprint, candidate.depth_multiplier AS depth, candidate.width_multiplier AS width,
                candidate.resolution_multiplier AS resolution,
                (SELECT plan FROM model_plan WHERE trial_id = trial.id) AS plan`,
  );
  const row = claimed[0];
  if (row === undefined) return null;
  try {
    return { specification: specificationOf(trialId, row), token };
  } catch (error) {
    if (!(error instanceof CompoundSearchError)) throw error;
    // Nobody can train what nobody can read, and left alone it would come back as lost again and again.
    const { code, message } = error;
    await failTrial(database, { trialId, token, failure: { code, message, step: null } });
    return null;
  }
};

function specificationOf(trialId: string, row: z.infer<typeof claimRow>): TrialSpecification {
  const { dataset, split, recipe, device } = readStored(requestKind, row.request);
  const plan = readStoredOrNull(planKind, row.plan);
  const multipliers = { depth: row.depth, width: row.width, resolution: row.resolution };
  const { attempt, purpose, seed, datasetHash, fingerprint } = row;
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
