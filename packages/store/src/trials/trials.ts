import { type Epoch, type QueuedTrial, trialPurposes } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import type { PageRequest } from '../database/pages.ts';
import { pageOfRows, sequenceOf } from '../database/pages.ts';
import { Prisma } from '../generated/client.ts';
import { toEpoch, toTrialView, withNetwork } from './trial-rows.ts';
import type { TrialStore } from './trial-store.ts';

function after(page: PageRequest): { readonly sequence?: { readonly gt: bigint } } {
  const sequence = sequenceOf(page);
  return sequence === undefined ? {} : { sequence: { gt: sequence } };
}

/** The trials' part of the store. */
export function createTrialStore(database: Database): TrialStore {
  return {
    async listTrials(searchId, page) {
      const from = after(page);
      if (!isUuid(searchId)) return null;
      const search = await database.run((client) =>
        client.search.findUnique({ where: { id: searchId }, select: { id: true } }),
      );
      if (search === null) return null;
      const rows = await database.run((client) =>
        client.trial.findMany({
          where: { searchId, ...from, ...(page.state === undefined ? {} : { state: page.state }) },
          orderBy: { sequence: 'asc' },
          take: page.limit + 1,
          include: withNetwork,
        }),
      );
      return pageOfRows(rows, page.limit, toTrialView);
    },

    async getTrial(trialId) {
      if (!isUuid(trialId)) return null;
      const row = await database.run((client) =>
        client.trial.findUnique({ where: { id: trialId }, include: withNetwork }),
      );
      if (row === null) return null;
      return { ...toTrialView(row), learningCurve: await readLearningCurve(database, row) };
    },

    trialsToEnqueue: (input) => trialsToEnqueue(database, input),
  };
}

/**
 * The epochs of the attempt, and of those before it which ended with a pause: a trial that waits to go on has them still.
 * What an attempt had done that was lost is not shown.
 */
async function readLearningCurve(
  database: Database,
  { id, attempt, round }: { readonly id: string; readonly attempt: number; readonly round: number | null },
): Promise<Epoch[]> {
  // What one of the first round has is of its own attempt.
  const rungs =
    round === null || round === 1
      ? null
      : await database.run((client) =>
          client.assignment.aggregate({ where: { trialId: id, round: { lt: round } }, _max: { epochs: true } }),
        );
  const rows = await database.run((client) =>
    client.epoch.findMany({
      where: { trialId: id, OR: [{ attempt }, { epoch: { lte: rungs?._max.epochs ?? 0 } }] },
      orderBy: [{ epoch: 'asc' }, { attempt: 'desc' }],
      distinct: ['epoch'],
    }),
  );
  return rows.map(toEpoch);
}

const queuedRow = z.object({ trialId: z.string(), attempt: z.int(), purpose: z.enum(trialPurposes) });

/** The look at each purpose ends at its limit, so that the statement costs the same however many trials are queued. */
async function trialsToEnqueue(
  database: Database,
  { unseenSeconds, limit }: Parameters<TrialStore['trialsToEnqueue']>[0],
): Promise<QueuedTrial[]> {
  // Asked again of the locked row: another service may have given the trial to the queue since it was found.
  const isUnseen = (row: Prisma.Sql): Prisma.Sql =>
    Prisma.sql`${row}.enqueued_at <= now() - make_interval(secs => ${unseenSeconds})`;
  return database.rows(
    queuedRow,
    Prisma.sql`
      WITH next AS (
        SELECT queued.id FROM unnest(enum_range(NULL::trial_purpose)) AS kind,
               LATERAL (SELECT id, enqueued_at FROM trial WHERE state = 'queued' AND NOT external AND purpose = kind
                        ORDER BY sequence LIMIT ${limit}) AS queued
        WHERE ${isUnseen(Prisma.sql`queued`)}
      ), given AS (
        UPDATE trial SET enqueued_at = now()
        WHERE id IN (SELECT id FROM trial WHERE id IN (SELECT id FROM next) AND state = 'queued'
                       AND ${isUnseen(Prisma.sql`trial`)} FOR UPDATE SKIP LOCKED)
        RETURNING id, attempt, purpose, sequence
      )
      SELECT id AS "trialId", attempt, purpose::text FROM given ORDER BY purpose = 'test' DESC, sequence`,
  );
}
