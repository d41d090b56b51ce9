import { devices, trialPurposes, type WorkerState, type WorkerView } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { engineKind } from '../documents/kinds.ts';
import { readStoredOrNull, storedText, unlessUnreadable } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { findBreakingMigration } from './may-claim.ts';
import type { WorkerReport, WorkerStore } from './worker-store.ts';

/** Three leases of a trial: by then all trials of a worker that is silent have gone to others. */
const SILENT_SECONDS = 45;

const DAYS_REMEMBERED = 1;

const workerRow = z.object({
  id: z.uuid(),
  host: z.string(),
  pid: z.int(),
  version: z.string(),
  processor: z.string(),
  device: z.enum(devices),
  slots: z.int(),
  engine: z.unknown(),
  unfit: z.string().nullable(),
  draining: z.boolean(),
  started_at: z.date(),
  seen_at: z.date(),
  silent_seconds: z.number(),
});

const heldTrialRow = z.object({
  worker_id: z.string(),
  id: z.string(),
  search_id: z.string(),
  purpose: z.enum(trialPurposes),
  attempt: z.int(),
  step: z.int(),
  steps: z.int().nullable(),
});

/** The workers' part of the store. */
export function createWorkerStore(database: Database): WorkerStore {
  return {
    reportWorker: (report) => reportWorker(database, report),

    async removeWorker(id) {
      await database.run((client) => client.worker.deleteMany({ where: { id } }));
    },

    listWorkers: () => readWorkers(database, Prisma.sql`true`),

    async drainWorker(id, draining) {
      if (!isUuid(id)) return null;
      await database.run((client) => client.worker.updateMany({ where: { id }, data: { draining } }));
      const [worker] = await readWorkers(database, Prisma.sql`id = ${id}::uuid`);
      return worker ?? null;
    },

    findBreakingMigration: () => findBreakingMigration(database),

    async forgetLostWorkers() {
      await database.run(
        (client) =>
          client.$executeRaw`DELETE FROM worker WHERE seen_at < now() - make_interval(days => ${DAYS_REMEMBERED})`,
      );
    },
  };
}

/** One that has been forgotten, since its machine slept for days, comes back by its next report. */
async function reportWorker(database: Database, report: WorkerReport): ReturnType<WorkerStore['reportWorker']> {
  const { id, host, pid, version, processor, device, slots, upSeconds, unfit } = report;
  const engine = report.engine === null ? null : storedText(engineKind, report.engine);
  const [row = { draining: false }] = await database.rows(
    z.object({ draining: z.boolean() }),
    Prisma.sql`
      INSERT INTO worker (id, host, pid, version, processor, device, slots, engine, unfit, started_at)
      VALUES (${id}::uuid, ${host}, ${pid}, ${version}, ${processor}, ${device}, ${slots}, ${engine}::jsonb, ${unfit},
              now() - make_interval(secs => ${upSeconds}))
      ON CONFLICT (id) DO UPDATE
      SET device = excluded.device, engine = excluded.engine, unfit = excluded.unfit, seen_at = now()
      RETURNING draining`,
  );
  return row;
}

/** In two statements, however many workers and trials there are; those that run are in an index of their own. */
async function readWorkers(database: Database, condition: Prisma.Sql): Promise<WorkerView[]> {
  const [workers, held] = await Promise.all([
    database.rows(
      workerRow,
      Prisma.sql`
        SELECT id, host, pid, version, processor, device, slots, engine, unfit, draining, started_at, seen_at,
               extract(epoch FROM now() - seen_at)::double precision AS silent_seconds
        FROM worker WHERE ${condition} ORDER BY started_at, id`,
    ),
    database.rows(
      heldTrialRow,
      Prisma.sql`
        SELECT worker_id, id, search_id, purpose::text, attempt, step, steps FROM trial
        WHERE state = 'running' AND worker_id IN (SELECT id::text FROM worker WHERE ${condition}) ORDER BY sequence`,
    ),
  ]);
  return workers.map((row) =>
    toWorkerView(
      row,
      held.filter(({ worker_id }) => worker_id === row.id),
    ),
  );
}

function toWorkerView(row: z.infer<typeof workerRow>, held: readonly z.infer<typeof heldTrialRow>[]): WorkerView {
  const { engine, started_at: startedAt, seen_at: seenAt, silent_seconds: silentSeconds, ...told } = row;
  return {
    ...told,
    state: stateOf(row),
    engine: unlessUnreadable(() => readStoredOrNull(engineKind, engine)) ?? null,
    trials: held.map(({ id, search_id, purpose, attempt, step, steps }) => ({
      trialId: id,
      searchId: search_id,
      purpose,
      attempt,
      step,
      steps,
    })),
    startedAt: startedAt.toISOString(),
    seenAt: seenAt.toISOString(),
    silentSeconds,
  };
}

/** What keeps it from work first: a lost one does nothing at all, and to drain an unfit one changes nothing. */
function stateOf({ silent_seconds, unfit, draining }: z.infer<typeof workerRow>): WorkerState {
  if (silent_seconds > SILENT_SECONDS) return 'lost';
  if (unfit !== null) return 'unfit';
  return draining ? 'draining' : 'active';
}
