import { randomUUID } from 'node:crypto';

import {
  engineSchema,
  epochSchema,
  errorCatalogue,
  modelPlanSchema,
  trialFailureSchema,
  type TrialJob,
  trialResultSchema,
  trialSpecificationSchema,
  trialStates,
} from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from './database.ts';
import { Prisma } from './generated/client.ts';
import { isUuid } from './identifiers.ts';
import { jsonText } from './json-text.ts';
import type { Attempt, FailedAttempt, LeaseStore } from './store.ts';

/** A trial whose process is lost for the third time is not tried again: it may be what kills its process. */
export const MOST_LOSSES = 3;

/** Of a model's file. Small beside the memory of a worker, and sent within a fraction of the time that a statement has. */
export const MODEL_PART_BYTES = 4 * 1024 * 1024;

const idRow = z.object({ id: z.string() });
const jobRow = z.object({ id: z.string(), attempt: z.int() });

const claimRow = z.object({
  baseline: z.unknown(),
  dataset: z.unknown(),
  split: z.unknown(),
  recipe: z.unknown(),
  device: z.unknown(),
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

/** Holds for the attempt with this token only while it runs: the fence of every write. */
function isHeld({ trialId, token }: Attempt): Prisma.Sql {
  return isUuid(trialId) && isUuid(token)
    ? Prisma.sql`id = ${trialId}::uuid AND attempt_token = ${token}::uuid AND state = 'running'`
    : Prisma.sql`false`;
}

function leaseEnd(seconds: number): Prisma.Sql {
  return Prisma.sql`now() + make_interval(secs => ${seconds})`;
}

/** A queued trial carries nothing of its last attempt but the count of losses. */
const backToQueue = Prisma.sql`
  state = 'queued', attempt = attempt + 1, attempt_token = NULL, worker_id = NULL, lease_expires_at = NULL,
  step = 0, steps = NULL, engine = NULL, started_at = NULL`;

type Operation<Name extends keyof LeaseStore> = (
  database: Database,
  ...input: Parameters<LeaseStore[Name]>
) => ReturnType<LeaseStore[Name]>;

/** The attempts' half of the store. */
export function createLeaseStore(database: Database): LeaseStore {
  return {
    claimTrial: (input) => claimTrial(database, input),
    recordStart: (input) => recordStart(database, input),
    renewLease: (input) => renewLease(database, input),
    recordEpoch: (input) => recordEpoch(database, input),
    recordModel: (input) => recordModel(database, input),
    completeTrial: (input) => completeTrial(database, input),
    failTrial: ({ failure, ...attempt }) =>
      errorCatalogue[failure.code].retry
        ? loseAttempt(database, { attempt, failure })
        : endAsFailed(database, { attempt, failure }),
    releaseTrial: (attempt) => releaseTrial(database, attempt),
    expireLeases: () => expireLeases(database),
  };
}

function toJobs(rows: readonly z.infer<typeof jobRow>[]): TrialJob[] {
  return rows.map(({ id, attempt }) => ({ trialId: id, attempt }));
}

const claimTrial: Operation<'claimTrial'> = async (database, { trialId, attempt, workerId, leaseSeconds }) => {
  if (!isUuid(trialId)) return null;
  const token = randomUUID();
  const claimed = await database.rows(
    claimRow,
    Prisma.sql`
      UPDATE trial SET state = 'running', attempt_token = ${token}::uuid, worker_id = ${workerId},
             lease_expires_at = ${leaseEnd(leaseSeconds)}, started_at = now()
      FROM candidate, search
      WHERE trial.id = ${trialId}::uuid AND trial.attempt = ${attempt} AND trial.state = 'queued'
        AND candidate.id = trial.candidate_id AND search.id = trial.search_id
      RETURNING search.network AS baseline, search.request -> 'dataset' AS dataset,
                search.request -> 'split' AS split, search.request -> 'recipe' AS recipe,
                search.request -> 'device' AS device, trial.attempt, trial.purpose::text, trial.seed,
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

const recordStart: Operation<'recordStart'> = async (database, { engine, steps, ...attempt }) => {
  const stored = jsonText(engineSchema.parse(engine));
  const held = await database.rows(
    idRow,
    Prisma.sql`UPDATE trial SET engine = ${stored}::jsonb, steps = ${steps} WHERE ${isHeld(attempt)} RETURNING id`,
  );
  return held.length === 1;
};

const renewLease: Operation<'renewLease'> = async (database, { leaseSeconds, step, ...attempt }) => {
  const renewed = await database.rows(
    idRow,
    Prisma.sql`
      UPDATE trial SET lease_expires_at = ${leaseEnd(leaseSeconds)}, step = greatest(step, ${step})
      WHERE ${isHeld(attempt)} RETURNING id`,
  );
  if (renewed.length === 1) return 'held';
  if (!isUuid(attempt.trialId) || !isUuid(attempt.token)) return 'lost';
  // The attempt is over for good, so a second statement cannot come too late: only the reason is asked for.
  const over = await database.rows(
    z.object({ state: z.enum(trialStates) }),
    Prisma.sql`
      SELECT state::text FROM trial
      WHERE id = ${attempt.trialId}::uuid AND attempt_token = ${attempt.token}::uuid`,
  );
  return over[0]?.state === 'cancelled' ? 'cancelled' : 'lost';
};

const recordEpoch: Operation<'recordEpoch'> = async (database, { epoch, ...attempt }) => {
  const point = epochSchema.parse(epoch);
  const recorded = await database.rows(
    z.object({ held: z.boolean() }),
    Prisma.sql`
      WITH held AS (
        UPDATE trial SET step = greatest(step, ${point.step}) WHERE ${isHeld(attempt)} RETURNING id, attempt
      ), added AS (
        INSERT INTO epoch (trial_id, attempt, epoch, step, learning_rate, train_loss, train_accuracy,
                           validation_loss, validation_accuracy, seconds)
        SELECT id, attempt, ${point.epoch}, ${point.step}, ${point.learningRate}, ${point.trainLoss},
               ${point.trainAccuracy}, ${point.validationLoss}, ${point.validationAccuracy}, ${point.seconds}
        FROM held
        ON CONFLICT DO NOTHING
      )
      SELECT EXISTS (SELECT FROM held) AS held`,
  );
  return recorded[0]?.held === true;
};

/** Part after part, each fenced: a file of hundreds of megabytes would fit no single statement's time. */
const recordModel: Operation<'recordModel'> = async (database, { savedModel, ...attempt }) => {
  const parts = Math.ceil(savedModel.length / MODEL_PART_BYTES);
  for (let ordinal = 0; ordinal < parts; ordinal += 1) {
    const bytes = savedModel.subarray(ordinal * MODEL_PART_BYTES, (ordinal + 1) * MODEL_PART_BYTES);
    const stored = await database.rows(
      z.object({ ordinal: z.int() }),
      Prisma.sql`
        WITH held AS (SELECT id FROM trial WHERE ${isHeld(attempt)} FOR UPDATE)
        INSERT INTO saved_model_part (trial_id, ordinal, bytes) SELECT id, ${ordinal}, ${bytes} FROM held
        ON CONFLICT (trial_id, ordinal) DO UPDATE SET bytes = excluded.bytes
        RETURNING ordinal`,
    );
    if (stored.length === 0) return false;
  }
  // An attempt that was lost in between may have left more parts than this one has.
  const held = await database.rows(
    idRow,
    Prisma.sql`
      WITH held AS (SELECT id FROM trial WHERE ${isHeld(attempt)} FOR UPDATE), surplus AS (
        DELETE FROM saved_model_part USING held WHERE trial_id = held.id AND ordinal >= ${parts}
      )
      SELECT id FROM held`,
  );
  return held.length === 1;
};

const completeTrial: Operation<'completeTrial'> = async (database, { result, ...attempt }) => {
  const stored = trialResultSchema.parse(result);
  const completed = await database.rows(
    idRow,
    Prisma.sql`
      UPDATE trial SET state = 'completed', result = ${jsonText(stored)}::jsonb, step = ${stored.steps},
             lease_expires_at = NULL, ended_at = now()
      WHERE ${isHeld(attempt)} RETURNING id`,
  );
  return completed.length === 1;
};

const releaseTrial: Operation<'releaseTrial'> = async (database, attempt) => {
  const released = await database.rows(
    jobRow,
    Prisma.sql`UPDATE trial SET ${backToQueue} WHERE ${isHeld(attempt)} RETURNING id, attempt`,
  );
  return toJobs(released)[0] ?? null;
};

interface AttemptFailure {
  readonly attempt: Attempt;
  readonly failure: z.infer<typeof trialFailureSchema>;
}

async function endAsFailed(database: Database, { attempt, failure }: AttemptFailure): Promise<FailedAttempt> {
  const stored = jsonText(trialFailureSchema.parse(failure));
  const failed = await database.rows(
    idRow,
    Prisma.sql`
      UPDATE trial SET state = 'failed', failure = ${stored}::jsonb, lease_expires_at = NULL, ended_at = now()
      WHERE ${isHeld(attempt)} RETURNING id`,
  );
  return failed.length === 1 ? { state: 'failed' } : { state: 'lost' };
}

/** Counts a loss; then the trial is queued again, or failed where the losses have reached their limit. */
function lossOf(stored: string): { readonly requeue: Prisma.Sql; readonly fail: Prisma.Sql } {
  return {
    requeue: Prisma.sql`UPDATE trial SET losses = losses + 1, ${backToQueue}`,
    fail: Prisma.sql`
    UPDATE trial SET losses = losses + 1, state = 'failed', failure = ${stored}::jsonb, lease_expires_at = NULL,
           ended_at = now()`,
  };
}

async function loseAttempt(database: Database, { attempt, failure }: AttemptFailure): Promise<FailedAttempt> {
  const loss = lossOf(jsonText(trialFailureSchema.parse(failure)));
  // Losses change only when an attempt ends, so of these two at most one can hold for this token, whatever runs between.
  const requeued = await database.rows(
    jobRow,
    Prisma.sql`${loss.requeue} WHERE ${isHeld(attempt)} AND losses + 1 < ${MOST_LOSSES} RETURNING id, attempt`,
  );
  const job = toJobs(requeued)[0];
  if (job !== undefined) return { state: 'requeued', job };
  const failed = await database.rows(
    idRow,
    Prisma.sql`${loss.fail} WHERE ${isHeld(attempt)} AND losses + 1 >= ${MOST_LOSSES} RETURNING id`,
  );
  return failed.length === 1 ? { state: 'failed' } : { state: 'lost' };
}

const expireLeases: Operation<'expireLeases'> = async (database) => {
  const failure = { code: 'TRIAL_LOST', message: 'The process of the trial stopped renewing its lease.', step: null };
  const loss = lossOf(jsonText(trialFailureSchema.parse(failure)));
  // Rows that another statement holds are being decided just now; waiting for them could end in a deadlock.
  const expired = (limit: Prisma.Sql): Prisma.Sql => Prisma.sql`
    id IN (SELECT id FROM trial WHERE state = 'running' AND lease_expires_at < now() AND ${limit}
           FOR UPDATE SKIP LOCKED)`;
  const requeued = await database.rows(
    jobRow,
    Prisma.sql`${loss.requeue} WHERE ${expired(Prisma.sql`losses + 1 < ${MOST_LOSSES}`)} RETURNING id, attempt`,
  );
  const failed = await database.rows(
    idRow,
    Prisma.sql`${loss.fail} WHERE ${expired(Prisma.sql`losses + 1 >= ${MOST_LOSSES}`)} RETURNING id`,
  );
  return { requeued: toJobs(requeued), failed: failed.map(({ id }) => ({ trialId: id })) };
};
