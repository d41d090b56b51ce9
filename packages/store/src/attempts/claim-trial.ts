import { randomUUID } from 'node:crypto';

import { modelPlanSchema, trialSpecificationSchema } from '@compound-search/contracts';
import { z } from 'zod';

import { isUuid } from '../database/identifiers.ts';
import { Prisma } from '../generated/client.ts';
import { leaseEnd, type Operation } from './attempt-rows.ts';

const claimRow = z.object({
  baseline: z.unknown(),
  dataset: z.unknown(),
  split: z.unknown(),
  recipe: z.unknown(),
  device: z.unknown(),
  datasetHash: z.string().nullable(),
  attempt: z.int(),
  purpose: z.string(),
  seed: z.int(),
  fingerprint: z.string(),
  depth: z.number(),
  width: z.number(),
  resolution: z.number(),
  /** What the trial trains where it is not its candidate itself. */
  plan: modelPlanSchema.pick({ fingerprint: true, multipliers: true }).nullable(),
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
      WHERE trial.id = ${trialId}::uuid AND trial.attempt = ${attempt}
        AND (trial.state = 'queued' OR trial.state = 'running' AND trial.attempt_token = ${token}::uuid)
        AND candidate.id = trial.candidate_id AND search.id = trial.search_id
      RETURNING search.network AS baseline, search.request -> 'dataset' AS dataset,
                search.request -> 'split' AS split, search.request -> 'recipe' AS recipe,
                search.request -> 'device' AS device, search.dataset_hash AS "datasetHash", trial.attempt, trial.purpose::text, trial.seed,
                candidate.fingerprint, candidate.depth_multiplier AS depth, candidate.width_multiplier AS width,
                candidate.resolution_multiplier AS resolution,
                (SELECT plan FROM model_plan WHERE trial_id = trial.id) AS plan`,
  );
  const row = claimed[0];
  if (row === undefined) return null;
  const { depth, width, resolution, plan, ...rest } = row;
  const network = plan ?? { fingerprint: rest.fingerprint, multipliers: { depth, width, resolution } };
  const { fingerprint, multipliers } = network;
  const specification = trialSpecificationSchema.parse({ ...rest, trialId, fingerprint, multipliers });
  return { specification, token };
};
