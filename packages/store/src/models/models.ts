import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { storeOnce } from '../creations/creations.ts';
import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { networkKind, planKind, requestKind } from '../documents/kinds.ts';
import { readStored, storedText } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { toTrialView, withNetwork } from '../trials/trial-rows.ts';
import type { ModelStore } from './model-store.ts';

const jobRow = z.object({ trialId: z.string(), attempt: z.int() });
const sizeRow = z.object({ bytes: z.number() });

/** The models' part of the store. */
export function createModelStore(database: Database): ModelStore {
  return {
    createModel: (input) => createModel(database, input),

    async getModel(modelId) {
      if (!isUuid(modelId)) return null;
      const row = await database.run((client) =>
        client.trial.findUnique({
          where: { id: modelId, purpose: 'model' },
          include: { ...withNetwork, search: { select: { request: true, network: true } } },
        }),
      );
      if (row?.modelPlan == null) return null;
      const [size] = await database.rows(
        sizeRow,
        Prisma.sql`
        SELECT coalesce(sum(octet_length(bytes)), 0)::double precision AS bytes FROM saved_model_part
        WHERE trial_id = ${modelId}::uuid`,
      );
      return {
        trial: toTrialView(row),
        plan: readStored(planKind, row.modelPlan.plan),
        request: readStored(requestKind, row.search.request),
        network: readStored(networkKind, row.search.network),
        bytes: size?.bytes ?? 0,
      };
    },

    async savedModelPart(modelId, ordinal) {
      if (!isUuid(modelId)) return null;
      const part = await database.run((client) =>
        client.savedModelPart.findUnique({ where: { trialId_ordinal: { trialId: modelId, ordinal } } }),
      );
      return part?.bytes ?? null;
    },
  };
}

async function createModel(
  database: Database,
  { searchId, candidateId, seed, plan, creation }: Parameters<ModelStore['createModel']>[0],
): ReturnType<ModelStore['createModel']> {
  if (!isUuid(searchId) || !isUuid(candidateId)) return null;
  const stored = storedText(planKind, plan);
  const id = creation?.id ?? randomUUID();
  const added = await storeOnce(creation, () =>
    database.rows(
      jobRow,
      Prisma.sql`
      WITH added AS (
        INSERT INTO trial (id, search_id, candidate_id, purpose, seed, request_hash)
        SELECT ${id}::uuid, search_id, id, 'model', ${seed}, ${creation?.requestHash ?? null} FROM candidate
        WHERE id = ${candidateId}::uuid AND search_id = ${searchId}::uuid
        RETURNING id, attempt
      ), planned AS (
        INSERT INTO model_plan (trial_id, plan) SELECT id, ${stored}::jsonb FROM added
      )
      SELECT id AS "trialId", attempt FROM added`,
    ),
  );
  return added[0] ?? null;
}
