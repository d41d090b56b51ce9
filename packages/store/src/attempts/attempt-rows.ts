import type { TrialJob } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { Prisma } from '../generated/client.ts';
import type { Attempt, AttemptStore } from './attempt-store.ts';

export const idRow = z.object({ id: z.string() });
export const jobRow = z.object({ id: z.string(), attempt: z.int() });

/** Holds for the attempt with this token only while it runs: the fence of every write. */
export function isHeld({ trialId, token }: Attempt): Prisma.Sql {
  return isUuid(trialId) && isUuid(token)
    ? Prisma.sql`id = ${trialId}::uuid AND attempt_token = ${token}::uuid AND state = 'running'`
    : Prisma.sql`false`;
}

export function leaseEnd(seconds: number): Prisma.Sql {
  return Prisma.sql`now() + make_interval(secs => ${seconds})`;
}

/**
 * A queued trial carries nothing of its last attempt but the count of losses, and the token where the holder itself gave
 * the trial back: so the holder can be told the same again.
 */
export function backToQueue(by: 'holder' | 'expiry'): Prisma.Sql {
  return Prisma.sql`
    state = 'queued', attempt = trial.attempt + 1, attempt_token = NULL, worker_id = NULL, lease_expires_at = NULL,
    step = 0, steps = NULL, engine = NULL, started_at = NULL, enqueued_at = now(), taken_over_from = NULL,
    previous_token = ${by === 'holder' ? Prisma.sql`trial.attempt_token` : Prisma.sql`NULL`}`;
}

/** A trial that has failed begins anew: nothing counts of what was lost before. */
export const retried = Prisma.sql`
  ${backToQueue('expiry')}, losses = 0, exhausted_on = NULL, failure = NULL, failed_by = NULL, ended_at = NULL`;

export function toJobs(rows: readonly z.infer<typeof jobRow>[]): TrialJob[] {
  return rows.map(({ id, attempt }) => ({ trialId: id, attempt }));
}

/** A verb of {@link AttemptStore}, on a database. */
export type Operation<Name extends keyof AttemptStore> = (
  database: Database,
  ...input: Parameters<AttemptStore[Name]>
) => ReturnType<AttemptStore[Name]>;
