import { type Candidate, CompoundSearchError, type Transfer, type TransferOrigin } from '@compound-search/contracts';
import { representativePoint } from '@compound-search/grid';
import { agreeRankings, estimate, rankWithTies } from '@compound-search/ranking';
import type { CandidateResults, SearchDefinition, SearchResults, SearchStore } from '@compound-search/store';

import { toMeasured } from '../answer/rank-results.ts';
import { scaledFurther } from './start-transfer.ts';

type TransferStore = Pick<SearchStore, 'getResults' | 'getDefinition' | 'getCandidates'>;

/** A search with its networks. */
interface Side {
  readonly results: SearchResults;
  readonly definition: SearchDefinition;
  readonly candidates: ReadonlyMap<string, Candidate>;
}

interface Row {
  readonly point: Candidate['points'][number];
  readonly origin: CandidateResults;
  readonly transferred: CandidateResults;
}

/**
 * The rows of a transfer on both sides, with the correlation of their ranks as far as they are known; null where there is
 * no such search.
 *
 * @throws CompoundSearchError NOT_FOUND where the search is no transfer, or that whose rows it has is gone.
 */
export async function readTransfer(store: TransferStore, searchId: string): Promise<Transfer | null> {
  const transferred = await readSide(store, searchId);
  if (transferred === null) return null;
  const { transferOf } = transferred.definition.request;
  if (transferOf === undefined) throw noTransfer(searchId, 'it is no transfer of another search');
  const origin = await readSide(store, transferOf.searchId);
  if (origin === null) throw noTransfer(searchId, `search ${transferOf.searchId}, whose rows it has, is gone`);
  return toTransfer(origin, transferred, transferOf);
}

function noTransfer(searchId: string, why: string): CompoundSearchError {
  return new CompoundSearchError('NOT_FOUND', `Search ${searchId} has no transfer to show: ${why}`, {
    field: 'id',
    value: searchId,
    remedy: 'POST /v1/searches/{id}/transfer makes a transfer of a finished search.',
  });
}

async function readSide(store: TransferStore, searchId: string): Promise<Side | null> {
  const [results, definition] = await Promise.all([store.getResults(searchId), store.getDefinition(searchId)]);
  if (results === null || definition === null) return null;
  const candidates = await store.getCandidates(results.candidates.map(({ candidateId }) => candidateId));
  return { results, definition, candidates };
}

/** Relative: what the powers of a coefficient lose to rounding. */
const roundingError = 1e-9;

function isSame(one: number, other: number): boolean {
  return Math.abs(one / other - 1) <= roundingError;
}

function pairRows(origin: Side, transferred: Side, phi: number): Row[] {
  const points = transferred.results.candidates.flatMap((results) =>
    (transferred.candidates.get(results.candidateId)?.points ?? []).map((point) => ({ point, results })),
  );
  return origin.results.candidates.flatMap((results): Row[] => {
    const candidate = origin.candidates.get(results.candidateId);
    if (candidate === undefined) return [];
    const point = representativePoint(candidate.points, origin.definition.request.constraint);
    const further = scaledFurther(point, phi);
    const match = points.find(
      ({ point: { alpha, beta, gamma } }) =>
        isSame(alpha, further.alpha) && isSame(beta, further.beta) && isSame(gamma, further.gamma),
    );
    return match === undefined ? [] : [{ point, origin: results, transferred: match.results }];
  });
}

function toTransfer(origin: Side, transferred: Side, { searchId: originId, phi }: TransferOrigin): Transfer {
  const rows = pairRows(origin, transferred, phi);
  const ranksOf = (side: 'origin' | 'transferred') => rankWithTies(rows.map((row) => toMeasured(row[side])));
  const [originRanks, transferredRanks] = [ranksOf('origin'), ranksOf('transferred')];
  const agreement = agreeRankings(
    { candidates: origin.results.candidates.map(toMeasured), rows: rows.map((row) => row.origin.fingerprint) },
    {
      candidates: transferred.results.candidates.map(toMeasured),
      rows: rows.map((row) => row.transferred.fingerprint),
    },
  );
  const sideOf = (side: Side, results: CandidateResults, rank: number | null | undefined) => ({
    rank: rank ?? null,
    validationAccuracy: estimate(results.accuracies),
    macsRatio: results.macs / side.results.baseline.macs,
  });
  const shown = rows.map((row, index) => {
    const { alpha, beta, gamma, label } = row.point;
    return {
      ...{ alpha, beta, gamma },
      ...(label === undefined ? {} : { label }),
      origin: sideOf(origin, row.origin, originRanks[index]),
      transferred: sideOf(transferred, row.transferred, transferredRanks[index]),
    };
  });
  const place = ({ origin: { rank } }: (typeof shown)[number]): number => rank ?? Infinity;
  return {
    searchId: transferred.results.searchId,
    state: transferred.results.state,
    originId,
    phi,
    rows: shown.sort((one, other) => place(one) - place(other)),
    ...agreement,
  };
}
