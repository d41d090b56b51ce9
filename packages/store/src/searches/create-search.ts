import { randomUUID } from 'node:crypto';

import { type Decision, type Plan, type SearchRequest, storableText } from '@compound-search/contracts';

import { storeOnce } from '../creations/creations.ts';
import type { Database } from '../database/database.ts';
import { insertOpening } from '../decisions/opening.ts';
import { baselineCostKind, networkKind, requestKind } from '../documents/kinds.ts';
import { storedJson } from '../documents/stored-document.ts';
import {
  insertCandidates,
  insertRankingTrials,
  type NewCandidate,
  type NewTrial,
  toSearchView,
  withCandidateCount,
} from './search-rows.ts';
import type { SearchStore } from './search-store.ts';
import { trainingHash } from './training-hash.ts';

type CreateInput = Parameters<SearchStore['createSearch']>[0];

export async function createSearch(database: Database, input: CreateInput): ReturnType<SearchStore['createSearch']> {
  const { request, network, plan, datasetHash = null, extends: before = null, creation } = input;
  const { opening = [everything(request, plan)] } = input;
  const searchId = creation?.id ?? randomUUID();
  const candidates = plan.candidates.map((candidate) => ({ id: randomUUID(), candidate }));
  const trials = openingTrials(opening, candidates);
  const decides = request.strategy.kind !== 'full';
  const external = request.trainings === 'external';
  const last = opening.at(-1);
  const stop = last?.stop ?? null;
  // Read where it is written: a search that is stored can be answered with, though the next read fail.
  const [, , , , row] = await storeOnce(creation, () =>
    database.run((client) =>
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
            round: last?.round ?? 1,
            undecided: decides && stop === null,
            stop,
            trainingHash: trainingHash({ ...request, network }),
            extendsSearchId: before,
            priority: request.priority,
            requestHash: creation?.requestHash ?? null,
          },
          select: { id: true },
        }),
        client.$executeRaw(insertCandidates(searchId, candidates)),
        client.$executeRaw(insertRankingTrials(searchId, trials, external)),
        client.$executeRaw(insertOpening(searchId, decides ? opening : [], trials)),
        client.search.findUniqueOrThrow({ where: { id: searchId }, include: withCandidateCount }),
      ]),
    ),
  );
  const tallies = [{ purpose: 'ranking', state: 'queued', trials: trials.length, seconds: 0 }] as const;
  return {
    searchId,
    search: toSearchView(row, { tallies, running: { done: 0, seconds: 0 } }),
    trials: external ? [] : trials.map(({ id }) => ({ trialId: id, attempt: 1 })),
  };
}

/** The opening of a search that needs no other decision. */
function everything({ seeds }: SearchRequest, { candidates }: Plan): Decision {
  return {
    round: 1,
    assignments: seeds.flatMap((seed) => candidates.map(({ fingerprint }) => ({ fingerprint, seed, epochs: null }))),
    drops: [],
    stop: null,
    evidence: { leader: null, probabilityBest: null, probabilityIndifferent: null },
  };
}

function openingTrials(opening: readonly Decision[], candidates: readonly NewCandidate[]): NewTrial[] {
  const ids = new Map(candidates.map(({ id, candidate: { fingerprint } }) => [fingerprint, id]));
  return opening.flatMap(({ round, assignments }) =>
    assignments.map(({ fingerprint, seed, epochs }) => {
      const candidate_id = ids.get(fingerprint);
      if (candidate_id === undefined) throw new RangeError(`The plan has no candidate ${fingerprint}`);
      return { id: randomUUID(), candidate_id, seed, round, epochs };
    }),
  );
}
