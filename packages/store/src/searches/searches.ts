import { randomUUID } from 'node:crypto';

import { searchMoves, type SearchState, searchStates, storableText, type TrialJob } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { pageOfRows, sequenceOf } from '../database/pages.ts';
import { Prisma } from '../generated/client.ts';
import { getOutcome } from './outcome.ts';
import { insertCandidates, insertRankingTrials, isOfSearch, talliesOf, tallyRow, toSearchView } from './search-rows.ts';
import type { SearchStore } from './search-store.ts';

const withCandidateCount = { _count: { select: { candidates: true } } } as const;

function hasOpenTrials(searchId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT FROM trial
                     WHERE trial.search_id = ${searchId} AND ${isOfSearch} AND trial.state IN ('queued', 'running'))`;
}

/** States from which a search may move to the given one, by the table of moves. */
function statesBefore(state: SearchState): SearchState[] {
  return searchStates.filter((from) => (searchMoves[from] as readonly SearchState[]).includes(state));
}

function inStates(states: readonly SearchState[]): Prisma.Sql {
  return Prisma.sql`search.state = ANY (${states}::text[]::search_state[])`;
}

/** The searches' part of the store. */
export function createSearchStore(database: Database): SearchStore {
  const getSearch: SearchStore['getSearch'] = async (searchId) => {
    if (!isUuid(searchId)) return null;
    const row = await database.run((client) =>
      client.search.findUnique({ where: { id: searchId }, include: withCandidateCount }),
    );
    return row === null ? null : toSearchView(row, await database.rows(tallyRow, talliesOf([searchId])));
  };

  return {
    createSearch: (input) => createSearch(database, input),
    getSearch,
    listSearches: (page) => listSearches(database, page),
    getOutcome: (searchId) => getOutcome(database, searchId),

    searchesToAdvance: () =>
      database.rows(
        z.object({ searchId: z.string(), state: z.enum(['running', 'testing']) }),
        Prisma.sql`
          SELECT id AS "searchId", state::text FROM search
          WHERE state IN ('running', 'testing') AND NOT ${hasOpenTrials(Prisma.sql`search.id`)}
          ORDER BY sequence`,
      ),

    beginTesting: (input) => beginTesting(database, input),

    async endSearch({ searchId, state }) {
      if (!isUuid(searchId)) return false;
      const ended = await database.rows(
        z.object({ id: z.string() }),
        Prisma.sql`
          UPDATE search SET state = ${state}::search_state, ended_at = now()
          WHERE id = ${searchId}::uuid AND ${inStates(statesBefore(state))}
            AND NOT ${hasOpenTrials(Prisma.sql`${searchId}::uuid`)}
          RETURNING id`,
      );
      return ended.length === 1;
    },

    async cancelSearch(searchId) {
      if (!isUuid(searchId)) return null;
      await cancelSearch(database, searchId);
      return getSearch(searchId);
    },
  };
}

/** Requests and descriptions came as JSON, so they can be stored as it: their types only cannot say so. */
function toJson(value: object): Prisma.InputJsonObject {
  return value;
}

async function createSearch(
  database: Database,
  { request, network, plan }: Parameters<SearchStore['createSearch']>[0],
): ReturnType<SearchStore['createSearch']> {
  const searchId = randomUUID();
  const candidates = plan.candidates.map((candidate) => ({ id: randomUUID(), candidate }));
  const trials = request.seeds.flatMap((seed) =>
    candidates.map(({ id }) => ({ id: randomUUID(), candidate_id: id, seed })),
  );
  await database.run((client) =>
    client.$transaction([
      client.search.create({
        data: {
          id: searchId,
          request: toJson(request),
          network: toJson(network),
          points: BigInt(plan.points),
          feasiblePoints: plan.feasiblePoints,
          baseline: plan.baseline,
          notes: plan.notes.map(storableText),
        },
        select: { id: true },
      }),
      client.$executeRaw(insertCandidates(searchId, candidates)),
      client.$executeRaw(insertRankingTrials(searchId, trials)),
    ]),
  );
  return { searchId, trials: trials.map(({ id }) => ({ trialId: id, attempt: 1 })) };
}

async function listSearches(
  database: Database,
  page: Parameters<SearchStore['listSearches']>[0],
): ReturnType<SearchStore['listSearches']> {
  const before = sequenceOf(page);
  const rows = await database.run((client) =>
    client.search.findMany({
      where: before === undefined ? {} : { sequence: { lt: before } },
      orderBy: { sequence: 'desc' },
      take: page.limit + 1,
      include: withCandidateCount,
    }),
  );
  const tallies = await database.rows(tallyRow, talliesOf(rows.slice(0, page.limit).map(({ id }) => id)));
  return pageOfRows(rows, page.limit, (row) =>
    toSearchView(
      row,
      tallies.filter(({ searchId }) => searchId === row.id),
    ),
  );
}

const begunRow = z.object({
  begun: z.boolean(),
  trials: z.array(z.object({ trialId: z.string(), attempt: z.int() })),
});

async function beginTesting(
  database: Database,
  { searchId, candidateId, seeds }: Parameters<SearchStore['beginTesting']>[0],
): Promise<TrialJob[] | null> {
  if (!isUuid(searchId) || !isUuid(candidateId)) return null;
  const trials = JSON.stringify(seeds.map((seed, place) => ({ id: randomUUID(), seed, place })));
  const rows = await database.rows(
    begunRow,
    Prisma.sql`
      WITH begun AS (
        UPDATE search SET state = 'testing', winner_candidate_id = candidate.id
        FROM candidate
        WHERE search.id = ${searchId}::uuid AND ${inStates(statesBefore('testing'))}
          AND candidate.id = ${candidateId}::uuid AND candidate.search_id = search.id
          AND NOT ${hasOpenTrials(Prisma.sql`${searchId}::uuid`)}
        RETURNING search.id
      ), added AS (
        INSERT INTO trial (id, search_id, candidate_id, purpose, seed)
        SELECT new.id, begun.id, ${candidateId}::uuid, 'test', new.seed
        FROM begun, jsonb_to_recordset(${trials}::jsonb) AS new (id uuid, seed int, place int)
        ORDER BY new.place
        RETURNING id, attempt, sequence
      )
      SELECT EXISTS (SELECT FROM begun) AS begun,
             coalesce((SELECT jsonb_agg(jsonb_build_object('trialId', id, 'attempt', attempt) ORDER BY sequence)
                       FROM added), '[]') AS trials`,
  );
  const row = rows[0];
  return row?.begun === true ? row.trials : null;
}

/**
 * Two statements in one transaction, since the second must see the test trials that a move to `testing` has added while
 * the first waited for it. The attempts' tokens stay, so that their holders can be told why their lease ended.
 */
async function cancelSearch(database: Database, searchId: string): Promise<void> {
  await database.run((client) =>
    client.$transaction([
      client.$executeRaw`
        UPDATE search SET state = 'cancelled', ended_at = now()
        WHERE id = ${searchId}::uuid AND ${inStates(statesBefore('cancelled'))}`,
      client.$executeRaw`
        UPDATE trial SET state = 'cancelled', lease_expires_at = NULL, ended_at = now()
        WHERE search_id = ${searchId}::uuid AND state IN ('queued', 'running')
          AND EXISTS (SELECT FROM search WHERE id = ${searchId}::uuid AND state = 'cancelled')`,
    ]),
  );
}
