import { networkDocumentSchema, searchRequestSchema, searchTrialPurposes } from '@compound-search/contracts';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { toTrialOutcome } from '../trials/trial-rows.ts';
import type { TrialOutcome } from '../trials/trial-store.ts';
import { baselineOf, toCandidate } from './search-rows.ts';
import type { SearchOutcome } from './search-store.ts';

/**
 * Reads a search with all its results: three statements, however many candidates and trials there are, that see the
 * same moment.
 */
export async function getOutcome(database: Database, searchId: string): Promise<SearchOutcome | null> {
  if (!isUuid(searchId)) return null;
  const [search, candidates, trials] = await database.run((client) =>
    client.$transaction(
      [
        client.search.findUnique({ where: { id: searchId } }),
        client.candidate.findMany({ where: { searchId }, orderBy: { ordinal: 'asc' } }),
        client.trial.findMany({
          where: { searchId, purpose: { in: [...searchTrialPurposes] } },
          orderBy: { sequence: 'asc' },
        }),
      ],
      { isolationLevel: 'RepeatableRead' },
    ),
  );
  if (search === null) return null;
  const ranking = new Map<string, TrialOutcome[]>(candidates.map(({ id }) => [id, []]));
  for (const trial of trials.filter(({ purpose }) => purpose === 'ranking')) {
    ranking.get(trial.candidateId)?.push(toTrialOutcome(trial));
  }
  return {
    searchId,
    state: search.state,
    request: searchRequestSchema.parse(search.request),
    network: networkDocumentSchema.parse(search.network),
    baseline: baselineOf(search),
    candidates: candidates.map((row) => ({
      candidateId: row.id,
      candidate: toCandidate(row),
      trials: ranking.get(row.id) ?? [],
    })),
    winnerCandidateId: search.winnerCandidateId,
    testTrials: trials.filter(({ purpose }) => purpose === 'test').map(toTrialOutcome),
  };
}
