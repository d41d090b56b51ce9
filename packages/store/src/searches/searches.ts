import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { pageOfRows, sequenceOf } from '../database/pages.ts';
import { baselineCostKind, networkKind, requestKind } from '../documents/kinds.ts';
import { isReadable } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { beginTesting } from './begin-testing.ts';
import { cancelSearch } from './cancel-search.ts';
import { createSearch } from './create-search.ts';
import { endSearch, recordAnswer } from './end-search.ts';
import {
  createCandidateCache,
  readAnswer,
  readCandidates,
  readDefinition,
  readResults,
  readRevision,
  readTrialsOf,
} from './read-results.ts';
import { createScoresCache } from './scores.ts';
import { hasOpenTrials, hasTrialsOfEarlierRounds } from './search-moves.ts';
import { toSearchView, withCandidateCount } from './search-rows.ts';
import type { SearchStore } from './search-store.ts';
import { readTallies } from './search-tallies.ts';

/** The searches' part of the store. */
export function createSearchStore(database: Database): SearchStore {
  const candidates = createCandidateCache();
  const scores = createScoresCache();
  return {
    createSearch: (input) => createSearch(database, input),
    getSearch: (searchId) => getSearch(database, searchId),
    listSearches: (page) => listSearches(database, page),
    getRevision: (searchId) => readRevision(database, searchId),
    getResults: (searchId) => readResults(database, scores, searchId),
    getDefinition: (searchId) => readDefinition(database, searchId),
    getCandidates: (candidateIds) => readCandidates(database, candidates, candidateIds),
    getTrialsOf: (candidateId) => readTrialsOf(database, candidateId),
    getAnswer: (searchId) => readAnswer(database, searchId),

    searchesToAdvance: () =>
      database.rows(
        z.object({ searchId: z.string(), state: z.enum(['running', 'testing', 'cancelled']), undecided: z.boolean() }),
        Prisma.sql`
          SELECT id AS "searchId", state::text, undecided AND state = 'running' AS undecided FROM search
          WHERE CASE WHEN undecided AND state = 'running' THEN NOT ${hasTrialsOfEarlierRounds}
                     ELSE NOT ${hasOpenTrials(Prisma.sql`search.id`)} END
            AND ${isReadable(Prisma.sql`request`, requestKind)} AND ${isReadable(Prisma.sql`network`, networkKind)}
            AND ${isReadable(Prisma.sql`baseline`, baselineCostKind)}
            AND (state IN ('running', 'testing')
                 OR state = 'cancelled' AND winner_candidate_id IS NOT NULL AND answer IS NULL)
          ORDER BY sequence`,
      ),

    beginTesting: (input) => beginTesting(database, input),
    endSearch: (input) => endSearch(database, input),
    recordAnswer: (input) => recordAnswer(database, input),

    async changeSearch(searchId, { priority }) {
      if (!isUuid(searchId)) return null;
      await database.run(
        (client) => client.$executeRaw`
          UPDATE search SET priority = ${priority}, revision = revision + 1
          WHERE id = ${searchId}::uuid AND priority <> ${priority}`,
      );
      return getSearch(database, searchId);
    },

    async cancelSearch(searchId) {
      if (!isUuid(searchId)) return null;
      await cancelSearch(database, searchId);
      return getSearch(database, searchId);
    },
  };
}

async function getSearch(database: Database, searchId: string): ReturnType<SearchStore['getSearch']> {
  if (!isUuid(searchId)) return null;
  const row = await database.run((client) =>
    client.search.findUnique({ where: { id: searchId }, include: withCandidateCount }),
  );
  return row === null ? null : toSearchView(row, (await readTallies(database, [searchId])).get(searchId));
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
  const tallies = await readTallies(
    database,
    rows.map(({ id }) => id),
  );
  return pageOfRows(rows, page.limit, (row) => toSearchView(row, tallies.get(row.id)));
}
