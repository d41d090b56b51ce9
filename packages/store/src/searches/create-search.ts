import { randomUUID } from 'node:crypto';

import { storableText } from '@compound-search/contracts';

import type { Database } from '../database/database.ts';
import { baselineCostKind, networkKind, requestKind } from '../documents/kinds.ts';
import { storedJson } from '../documents/stored-document.ts';
import { insertCandidates, insertRankingTrials, toSearchView, withCandidateCount } from './search-rows.ts';
import type { SearchStore } from './search-store.ts';

export async function createSearch(
  database: Database,
  { request, network, plan, datasetHash = null }: Parameters<SearchStore['createSearch']>[0],
): ReturnType<SearchStore['createSearch']> {
  const searchId = randomUUID();
  const candidates = plan.candidates.map((candidate) => ({ id: randomUUID(), candidate }));
  const trials = request.seeds.flatMap((seed) =>
    candidates.map(({ id }) => ({ id: randomUUID(), candidate_id: id, seed })),
  );
  // Read where it is written: a search that is stored can be answered with, though the next read fail.
  const [, , , row] = await database.run((client) =>
    client.$transaction([
      client.search.create({
        data: {
          id: searchId,
          request: storedJson(requestKind, request),
          network: storedJson(networkKind, network),
          points: BigInt(plan.points),
          feasiblePoints: plan.feasiblePoints,
          baseline: storedJson(baselineCostKind, plan.baseline),
          notes: plan.notes.map(storableText),
          datasetHash,
        },
        select: { id: true },
      }),
      client.$executeRaw(insertCandidates(searchId, candidates)),
      client.$executeRaw(insertRankingTrials(searchId, trials)),
      client.search.findUniqueOrThrow({ where: { id: searchId }, include: withCandidateCount }),
    ]),
  );
  const tallies = [{ purpose: 'ranking', state: 'queued', trials: trials.length, seconds: 0 }] as const;
  return {
    searchId,
    search: toSearchView(row, { tallies, running: { done: 0, seconds: 0 } }),
    trials: trials.map(({ id }) => ({ trialId: id, attempt: 1, purpose: 'ranking' })),
  };
}
