import { type Candidate, searchStates } from '@compound-search/contracts';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { answerKind, engineKind, networkKind, requestKind } from '../documents/kinds.ts';
import { readStored, readStoredOrNull } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { toTrialOutcome } from '../trials/trial-rows.ts';
import { type Scores, type ScoresCache, toScores } from './scores.ts';
import { baselineOf, toCandidate } from './search-rows.ts';
import type { CandidateTrials, SearchAnswer, SearchDefinition, SearchResults } from './search-store.ts';

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
});
const resultsRow = z.object({
  state: z.enum(searchStates),
  revision: z.bigint(),
  baseline: z.unknown(),
  winnerCandidateId: z.string().nullable(),
  takenOverTrials: count,
  importedTrials: count,
  request: z.unknown(),
  engines: z.array(z.object({ engine: z.unknown(), trials: count })),
  resultsVersion: z.string(),
  candidates: z.array(candidateRow),
  scored: z.array(z.unknown()).nullable(),
  lost: z.array(z.unknown()).nullable(),
});

/**
 * A search with all its candidates as one document: read as rows, they would cost half of what a leaderboard does. The
 * accuracies and losses, which are most of it, are left out where those of the version `known` are the same.
 */
function resultsOf(searchId: string, known: string | null): Prisma.Sql {
  return Prisma.sql`
    SELECT search.state::text, search.revision, search.baseline, search.winner_candidate_id AS "winnerCandidateId",
           search.taken_over_trials AS "takenOverTrials", search.imported_trials AS "importedTrials", search.request, used.engines,
           planned."resultsVersion", planned.candidates,
           CASE WHEN planned."resultsVersion" IS DISTINCT FROM ${known}::text
                THEN (SELECT coalesce(json_agg(accuracies ORDER BY ordinal), '[]') FROM candidate WHERE search_id = search.id)
           END AS scored,
           -- As much as the accuracies, and of use where candidates are ranked by them.
           CASE WHEN planned."resultsVersion" IS DISTINCT FROM ${known}::text
                     AND search.request #>> '{objective,kind}' = 'loss'
                THEN (SELECT coalesce(json_agg(losses ORDER BY ordinal), '[]') FROM candidate WHERE search_id = search.id)
           END AS lost
    FROM search,
         LATERAL (SELECT coalesce(json_agg(json_build_object('engine', engine, 'trials', trials)
                                           ORDER BY trials DESC, fingerprint), '[]') AS engines
                  FROM search_engine WHERE search_id = search.id) AS used,
         LATERAL (SELECT md5(coalesce(string_agg(results_version::text, '' ORDER BY ordinal), '')) AS "resultsVersion",
                         coalesce(json_agg(json_build_object(
                           'id', id, 'fingerprint', fingerprint, 'macs', macs, 'queued', queued, 'running', running,
                           'completed', completed, 'failed', failed, 'cancelled', cancelled, 'paused', paused,
                           'failedInTraining', failed_in_training) ORDER BY ordinal), '[]') AS candidates
                  FROM candidate WHERE search_id = search.id) AS planned
    WHERE search.id = ${searchId}::uuid`;
}

/** Reads all that ranking needs of a search, of one moment: what the statements that end trials have counted, and no trial itself. */
export async function readResults(
  database: Database,
  cache: ScoresCache,
  searchId: string,
): Promise<SearchResults | null> {
  if (!isUuid(searchId)) return null;
  const known = cache.get(searchId);
  const [row] = await database.rows(resultsRow, resultsOf(searchId, known?.version ?? null));
  if (row === undefined) return null;
  const { baseline, request, engines, candidates, scored, lost, resultsVersion, revision, ...search } = row;
  const scores = scored === null ? known?.scores : toScores(scored, lost);
  if (scores === undefined) throw new Error(`Accuracies of search ${searchId} were left out without being known`);
  if (scored !== null) cache.set(searchId, { version: resultsVersion, scores });
  const { objective, strategy } = readStored(requestKind, request);
  return {
    ...search,
    searchId,
    revision: Number(revision),
    baseline: baselineOf({ baseline }),
    objective,
    indifference: strategy.indifference,
    engines: engines.map(({ engine, trials }) => ({ engine: readStored(engineKind, engine), trials })),
    candidates: candidates.map(({ id, fingerprint, macs, failedInTraining, ...trials }, index) => ({
      candidateId: id,
      fingerprint,
      macs,
      trials,
      failedInTraining,
      ...scoresOf(scores, index),
    })),
    resultsVersion,
  };
}

function scoresOf(scores: readonly Scores[], index: number): Scores {
  const one = scores[index];
  if (one === undefined) throw new Error(`Candidate ${index} has no list of accuracies`);
  return one;
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
