import { type SearchStatus, searchStatusSchema, type TrialStatus, trialStatusSchema } from '@compound-search/contracts';
import type { ClientConfig } from 'pg';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { unlessUnreadable } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { toSearchView, withCandidateCount } from '../searches/search-rows.ts';
import { readTallies } from '../searches/search-tallies.ts';
import { toTrialView, withNetwork } from '../trials/trial-rows.ts';
import { changeKinds, type ChangeRequest, type Changes, type ChangeStore } from './change-store.ts';
import { listenForChanges } from './listen.ts';

/** The changes' part of the store; it listens by a connection with this configuration. */
export function createChangeStore(database: Database, config: ClientConfig): ChangeStore {
  return {
    changesSince: (request) => changesSince(database, request),
    searchStatuses: (searchIds) => searchStatuses(database, searchIds),
    trialStatuses: (trialIds) => trialStatuses(database, trialIds),
    listenForChanges: (listener) => listenForChanges(config, listener),
  };
}

const changeRow = z.object({
  oldest: z.bigint(),
  next: z.bigint(),
  kind: z.enum(changeKinds).nullable(),
  id: z.string().nullable(),
  searchId: z.string().nullable(),
  transaction: z.bigint().nullable(),
});

/**
 * Rows and snapshot are of one statement. Transactions from the oldest that still runs on may commit something that this
 * statement does not see, so the next one reads from there. What it sees of them already is told now, and again then.
 */
async function changesSince(database: Database, { since, searchId, most }: ChangeRequest): Promise<Changes> {
  const ofSearch = searchId === undefined ? Prisma.empty : Prisma.sql`AND search_id = ${searchId}::uuid`;
  const rows = await database.rows(
    changeRow,
    Prisma.sql`
      SELECT snapshot.oldest, snapshot.next, changed.kind::text, changed.id, changed.search_id AS "searchId",
             changed.transaction
      FROM (
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest,
               pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next
      ) AS snapshot
      LEFT JOIN LATERAL (
        SELECT * FROM change
        -- Numbers that are still to come are of another server, whose data this one was given.
        WHERE transaction >= ${since ?? null}::bigint AND transaction < snapshot.next ${ofSearch}
        ORDER BY transaction LIMIT ${most + 1}
      ) AS changed ON true`,
  );
  const [first] = rows;
  if (first === undefined) throw new Error('A snapshot has no row');
  const changes = rows.flatMap(({ kind, id, searchId: of, transaction }) =>
    kind === null || id === null || of === null || transaction === null
      ? []
      : [{ kind, id, searchId: of, transaction }],
  );
  const isKnown = since === undefined || since <= first.next;
  return { cursor: first.oldest, changes: isKnown && changes.length <= most ? changes : null };
}

async function searchStatuses(database: Database, searchIds: readonly string[]): Promise<SearchStatus[]> {
  const ids = searchIds.filter(isUuid);
  if (ids.length === 0) return [];
  const rows = await database.run((client) =>
    client.search.findMany({ where: { id: { in: ids } }, include: withCandidateCount }),
  );
  const tallies = await readTallies(database, ids);
  return rows
    .map((row) => unlessUnreadable(() => searchStatusSchema.parse(toSearchView(row, tallies.get(row.id)))))
    .filter((status) => status !== undefined);
}

async function trialStatuses(database: Database, trialIds: readonly string[]): Promise<TrialStatus[]> {
  if (trialIds.length === 0) return [];
  const rows = await database.run((client) =>
    client.trial.findMany({
      where: { id: { in: [...trialIds] } },
      orderBy: { sequence: 'asc' },
      include: withNetwork,
    }),
  );
  return rows
    .map((row) =>
      unlessUnreadable(() => {
        const view = toTrialView(row);
        return trialStatusSchema.parse({ ...view, validationAccuracy: view.result?.validationAccuracy ?? null });
      }),
    )
    .filter((status) => status !== undefined);
}
