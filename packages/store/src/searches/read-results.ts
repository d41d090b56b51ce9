import { type Candidate, searchStates } from '@compound-search/contracts';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { answerKind, engineKind, networkKind, requestKind } from '../documents/kinds.ts';
import { readStored, readStoredOrNull } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { toTrialOutcome } from '../trials/trial-rows.ts';
import { baselineOf, toCandidate } from './search-rows.ts';
import type {
  CandidateResults,
  CandidateTrials,
  SearchAnswer,
  SearchDefinition,
  SearchResults,
} from './search-store.ts';

const count = z.int().min(0);
const candidateRow = z.object({
  id: z.string(),
  fingerprint: z.string(),
  macs: z.int(),
  queued: count,
  running: count,
  completed: count,
  failed: count,
  cancelled: count,
  paused: count,
  failedInTraining: count,
  accuracies: z.unknown(),
});
const candidatesRow = z.tuple([z.object({ candidates: z.array(candidateRow) })]);

/** All candidates of a search as one document: read as rows, they would cost half of what a leaderboard does. */
function candidatesOf(searchId: string): Prisma.Sql {
  return Prisma.sql`
    SELECT coalesce(json_agg(json_build_object(
             'id', id, 'fingerprint', fingerprint, 'macs', macs, 'queued', queued, 'running', running,
             'completed', completed, 'failed', failed, 'cancelled', cancelled, 'paused', paused,
             'failedInTraining', failed_in_training, 'accuracies', accuracies) ORDER BY ordinal), '[]') AS candidates
    FROM candidate WHERE search_id = ${searchId}::uuid`;
}

/**
 * Reads all that ranking needs of a search: what the statements that end trials have counted, and no trial itself. The
 * statements see the same moment.
 */
export async function readResults(database: Database, searchId: string): Promise<SearchResults | null> {
  if (!isUuid(searchId)) return null;
  const [search, rows, engines] = await database.run((client) =>
    client.$transaction(
      [
        client.search.findUnique({
          where: { id: searchId },
          select: {
            state: true,
            revision: true,
            baseline: true,
            winnerCandidateId: true,
            takenOverTrials: true,
            importedTrials: true,
            request: true,
          },
        }),
        client.$queryRaw(candidatesOf(searchId)),
        client.searchEngine.findMany({ where: { searchId }, orderBy: [{ trials: 'desc' }, { fingerprint: 'asc' }] }),
      ],
      { isolationLevel: 'RepeatableRead' },
    ),
  );
  if (search === null) return null;
  const [{ candidates }] = candidatesRow.parse(rows);
  return {
    searchId,
    state: search.state,
    revision: Number(search.revision),
    baseline: baselineOf(search),
    winnerCandidateId: search.winnerCandidateId,
    takenOverTrials: search.takenOverTrials,
    importedTrials: search.importedTrials,
    objective: readStored(requestKind, search.request).objective,
    engines: engines.map(({ engine, trials }) => ({ engine: readStored(engineKind, engine), trials })),
    candidates: candidates.map(({ id, fingerprint, macs, failedInTraining, accuracies: scored, ...trials }) => ({
      candidateId: id,
      fingerprint,
      macs,
      trials,
      failedInTraining,
      ...toAccuracies(scored),
    })),
  };
}

/**
 * As the triggers write them, by seed; whole numbers as keys come in ascending order. Tens of thousands at a time: a schema
 * would take longer than all the ranking.
 */
function toAccuracies(scored: unknown): Pick<CandidateResults, 'seeds' | 'accuracies'> {
  const accuracies = Object.values(scored ?? {}).map((accuracy: unknown) => {
    if (typeof accuracy !== 'number') throw new Error(`The accuracy ${String(accuracy)} is no number`);
    return accuracy;
  });
  return { seeds: Object.keys(scored ?? {}).map(Number), accuracies };
}

export async function readRevision(database: Database, searchId: string): Promise<number | null> {
  if (!isUuid(searchId)) return null;
  const row = await database.run((client) =>
    client.search.findUnique({ where: { id: searchId }, select: { revision: true } }),
  );
  return row === null ? null : Number(row.revision);
}

export async function readDefinition(database: Database, searchId: string): Promise<SearchDefinition | null> {
  if (!isUuid(searchId)) return null;
  const row = await database.run((client) =>
    client.search.findUnique({ where: { id: searchId }, select: { request: true, network: true } }),
  );
  if (row === null) return null;
  return { request: readStored(requestKind, row.request), network: readStored(networkKind, row.network) };
}

/** What candidates are, which never changes: a leaderboard that is read every second takes them from here. */
export type CandidateCache = LRUCache<string, Candidate>;

/** Several leaderboards of the largest size that is accepted by default; a candidate takes a few kilobytes. */
const MOST_CACHED_CANDIDATES = 2_000;

export function createCandidateCache(): CandidateCache {
  return new LRUCache({ max: MOST_CACHED_CANDIDATES });
}

export async function readCandidates(
  database: Database,
  cache: CandidateCache,
  candidateIds: readonly string[],
): Promise<ReadonlyMap<string, Candidate>> {
  const found = new Map<string, Candidate>();
  for (const id of candidateIds) {
    const candidate = cache.get(id);
    if (candidate !== undefined) found.set(id, candidate);
  }
  const missing = candidateIds.filter((id) => isUuid(id) && !found.has(id));
  if (missing.length === 0) return found;
  for (const row of await database.run((client) => client.candidate.findMany({ where: { id: { in: missing } } }))) {
    const candidate = toCandidate(row);
    cache.set(row.id, candidate);
    found.set(row.id, candidate);
  }
  return found;
}

export async function readTrialsOf(database: Database, candidateId: string): Promise<CandidateTrials> {
  if (!isUuid(candidateId)) return { ranking: [], test: [] };
  const trials = await database.run((client) =>
    client.trial.findMany({
      where: { candidateId, purpose: { in: ['ranking', 'test'] } },
      orderBy: { sequence: 'asc' },
    }),
  );
  const ofPurpose = (wanted: 'ranking' | 'test') =>
    trials.filter(({ purpose }) => purpose === wanted).map(toTrialOutcome);
  return { ranking: ofPurpose('ranking'), test: ofPurpose('test') };
}

const answerRow = z.object({ state: z.enum(searchStates), revision: z.bigint(), answer: z.unknown() });

export async function readAnswer(database: Database, searchId: string): Promise<SearchAnswer | null> {
  if (!isUuid(searchId)) return null;
  const [row] = await database.rows(
    answerRow,
    Prisma.sql`SELECT state::text, revision, answer FROM search WHERE id = ${searchId}::uuid`,
  );
  if (row === undefined) return null;
  const answer = readStoredOrNull(answerKind, row.answer);
  return { state: row.state, revision: Number(row.revision), answer };
}
