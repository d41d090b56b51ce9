import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { pageOfRows, type PageRequest, sequenceOf } from '../database/pages.ts';
import { decisionKind } from '../documents/kinds.ts';
import { readStored } from '../documents/stored-document.ts';
import type { DecisionStore } from './decision-store.ts';
import { readRound } from './read-round.ts';
import { takeDecision } from './take-decision.ts';

/** The decisions' part of the store. */
export function createDecisionStore(database: Database): DecisionStore {
  return {
    getRound: (searchId) => readRound(database, searchId),
    takeDecision: (input) => takeDecision(database, input),
    listDecisions: (searchId, page) => listDecisions(database, searchId, page),
  };
}

/** Of the column, and more than any search has. */
const LARGEST_ROUND = 2 ** 31 - 1;

const assignmentsInOrder = {
  orderBy: { place: 'asc' },
  select: { epochs: true, trial: { select: { seed: true, candidate: { select: { fingerprint: true } } } } },
} as const;

async function listDecisions(
  database: Database,
  searchId: string,
  page: PageRequest,
): ReturnType<DecisionStore['listDecisions']> {
  const after = sequenceOf(page);
  if (!isUuid(searchId)) return null;
  const search = await database.run((client) =>
    client.search.findUnique({ where: { id: searchId }, select: { id: true } }),
  );
  if (search === null) return null;
  const rows = await database.run((client) =>
    client.decision.findMany({
      where: { searchId, ...(after === undefined ? {} : { round: { gt: Math.min(Number(after), LARGEST_ROUND) } }) },
      orderBy: { round: 'asc' },
      take: page.limit + 1,
      include: { assignments: assignmentsInOrder },
    }),
  );
  const decisions = rows.map((row) => ({ ...row, id: `${searchId} round ${row.round}`, sequence: BigInt(row.round) }));
  return pageOfRows(decisions, page.limit, ({ round, document, decidedAt, assignments }) => ({
    round,
    assignments: assignments.map(({ epochs, trial }) => ({
      fingerprint: trial.candidate.fingerprint,
      seed: trial.seed,
      epochs,
    })),
    ...readStored(decisionKind, document),
    decidedAt: decidedAt.toISOString(),
  }));
}
