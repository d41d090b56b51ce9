import type { Epoch, TrialJob } from '@compound-search/contracts';
import { z } from 'zod';

import { isClaimable, waitingSearches, withinSearch } from '../attempts/order-of-turns.ts';
import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import type { PageRequest } from '../database/pages.ts';
import { pageOfRows, sequenceOf } from '../database/pages.ts';
import { Prisma } from '../generated/client.ts';
import { listCurves } from './list-curves.ts';
import { readTrialLog } from './read-trial-log.ts';
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

    listCurves: (searchId, request) => listCurves(database, searchId, request),

    async getTrial(trialId) {
      if (!isUuid(trialId)) return null;
      const row = await database.run((client) =>
        client.trial.findUnique({ where: { id: trialId }, include: withNetwork }),
      );
      if (row === null) return null;
      return { ...toTrialView(row), learningCurve: await readLearningCurve(database, row) };
    },

    getTrialLog: (trialId) => readTrialLog(database, trialId),

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

const queuedRow = z.object({ trialId: z.string(), attempt: z.int() });

async function trialsToEnqueue(
  database: Database,
  { queuedSeconds, limit }: Parameters<TrialStore['trialsToEnqueue']>[0],
): Promise<TrialJob[]> {
  return database.rows(
    queuedRow,
    Prisma.sql`
      WITH RECURSIVE ${waitingSearches}, queued AS (
        SELECT first.* FROM waiting JOIN search ON search.id = waiting.search_id AND search.state <> 'paused'
        CROSS JOIN LATERAL (
          SELECT id, attempt, sequence, enqueued_at FROM trial
          WHERE trial.search_id = waiting.search_id AND ${isClaimable} ORDER BY ${withinSearch} LIMIT ${limit}
        ) AS first
        WHERE first.enqueued_at <= now() - make_interval(secs => ${queuedSeconds})
        LIMIT ${limit}
      )
      SELECT id AS "trialId", attempt FROM queued ORDER BY sequence`,
  );
}
