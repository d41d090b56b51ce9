import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { pageOfRows, sequenceOf } from '../database/pages.ts';
import { baselineCostKind, networkKind, requestKind } from '../documents/kinds.ts';
import { isReadable } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { beginTesting } from './begin-testing.ts';
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
import { readSearch } from './read-search.ts';
import { createScoresCache } from './scores.ts';
import { hasOpenTrials, hasRunningTrials, hasTrialsOfEarlierRounds } from './search-moves.ts';
import { toSearchView, withCandidateCount } from './search-rows.ts';
import { advancedStates, type SearchStore } from './search-store.ts';
import { readTallies } from './search-tallies.ts';

/** The searches' part of the store. */
export function createSearchStore(database: Database): SearchStore {
  const candidates = createCandidateCache();
  const scores = createScoresCache();
  return {
    createSearch: (input) => createSearch(database, input),
    getSearch: (searchId) => readSearch(database, searchId),
    listSearches: (page) => listSearches(database, page),
    getRevision: (searchId) => readRevision(database, searchId),
    getResults: (searchId) => readResults(database, scores, searchId),
    getDefinition: (searchId) => readDefinition(database, searchId),
    getCandidates: (candidateIds) => readCandidates(database, candidates, candidateIds),
    getTrialsOf: (candidateId) => readTrialsOf(database, candidateId),
    getAnswer: (searchId) => readAnswer(database, searchId),

    searchesToAdvance: () =>
      database.rows(
        z.object({ searchId: z.string(), state: z.enum(advancedStates), undecided: z.boolean() }),
        Prisma.sql`
          SELECT id AS "searchId", state::text, undecided AND state = 'running' AS undecided FROM search
          WHERE CASE WHEN undecided AND state = 'running' THEN NOT ${hasTrialsOfEarlierRounds}
                     WHEN state = 'stopping' THEN NOT ${hasRunningTrials(Prisma.sql`search.id`)}
                     ELSE NOT ${hasOpenTrials(Prisma.sql`search.id`)} END
            AND ${isReadable(Prisma.sql`request`, requestKind)} AND ${isReadable(Prisma.sql`network`, networkKind)}
            AND ${isReadable(Prisma.sql`baseline`, baselineCostKind)}
            AND (state IN ('running', 'testing', 'stopping')
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
      return readSearch(database, searchId);
    },
  };
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
