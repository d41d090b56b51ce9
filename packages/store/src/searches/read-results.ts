import { type Candidate, searchStates } from '@compound-search/contracts';
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

const candidateColumns = {
  id: true,
  fingerprint: true,
  macs: true,
  queued: true,
  running: true,
  completed: true,
  failed: true,
  cancelled: true,
  failedInTraining: true,
  accuracies: true,
} as const;

/**
 * Reads all that ranking needs of a search: what the statements that end trials have counted, and no trial itself. The
 * statements see the same moment.
 */
export async function readResults(database: Database, searchId: string): Promise<SearchResults | null> {
  if (!isUuid(searchId)) return null;
  const [search, candidates, engines] = await database.run((client) =>
    client.$transaction(
      [
        client.search.findUnique({
          where: { id: searchId },
          select: { state: true, revision: true, baseline: true, winnerCandidateId: true },
        }),
        client.candidate.findMany({ where: { searchId }, orderBy: { ordinal: 'asc' }, select: candidateColumns }),
        client.searchEngine.findMany({ where: { searchId }, orderBy: [{ trials: 'desc' }, { fingerprint: 'asc' }] }),
      ],
      { isolationLevel: 'RepeatableRead' },
    ),
  );
  if (search === null) return null;
  return {
    searchId,
    state: search.state,
    revision: Number(search.revision),
    baseline: baselineOf(search),
    winnerCandidateId: search.winnerCandidateId,
    engines: engines.map(({ engine, trials }) => ({ engine: readStored(engineKind, engine), trials })),
    candidates: candidates.map(({ id, fingerprint, macs, failedInTraining, accuracies: scored, ...trials }) => ({
      candidateId: id,
      fingerprint,
      macs: Number(macs),
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

export async function readCandidates(
  database: Database,
  candidateIds: readonly string[],
): Promise<ReadonlyMap<string, Candidate>> {
  const rows = await database.run((client) =>
    client.candidate.findMany({ where: { id: { in: candidateIds.filter(isUuid) } } }),
  );
  return new Map(rows.map((row) => [row.id, toCandidate(row)]));
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
