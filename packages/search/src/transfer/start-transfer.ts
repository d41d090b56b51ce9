import {
  CompoundSearchError,
  type ListedPoint,
  listedPointSchema,
  type SearchRequest,
  searchRequestSchema,
  type SearchView,
  type TransferRequest,
} from '@compound-search/contracts';
import { representativePoint } from '@compound-search/grid';
import type { CandidateResults, SearchDefinition, SearchResults, SearchStore } from '@compound-search/store';

import { requireWinner } from '../answer/coefficients.ts';
import { rankResults } from '../answer/rank-results.ts';
import { type SearchStart, startSearch } from '../start/start-search.ts';

/** What starting a transfer needs of its surroundings. */
export interface TransferStart extends SearchStart {
  readonly store: SearchStart['store'] & Pick<SearchStore, 'getResults' | 'getDefinition' | 'getCandidates'>;
}

/** Fewer rows have no order worth a correlation. */
const fewestRows = 3;

/**
 * Starts a search of the best rows of another one, each coefficient to the power phi, with the same data, recipe and
 * seeds; null where there is no such search.
 *
 * @throws CompoundSearchError COEFFICIENTS_NOT_READY or NO_WINNER before the search has been ranked, TRANSFER_INVALID
 * where it has fewer than three ranked rows, and COEFFICIENT_INVALID where phi makes a coefficient too large, and what
 * startSearch throws.
 */
export async function startTransfer(
  start: TransferStart,
  searchId: string,
  request: TransferRequest,
): Promise<SearchView | null> {
  const { store } = start;
  const [results, definition] = await Promise.all([store.getResults(searchId), store.getDefinition(searchId)]);
  if (results === null || definition === null) return null;
  requireWinner(results);
  const rows = bestRows(results, request.rows);
  const candidates = await store.getCandidates(rows.map(({ candidateId }) => candidateId));
  const points = rows.flatMap(({ candidateId }): ListedPoint[] => {
    const candidate = candidates.get(candidateId);
    if (candidate === undefined) throw new Error(`Candidate ${candidateId} is gone`);
    const { alpha, beta, gamma, label } = representativePoint(candidate.points, definition.request.constraint);
    const point = scaledFurther({ alpha, beta, gamma }, request.phi);
    return [requireListable({ ...point, ...(label === undefined ? {} : { label }) }, request.phi)];
  });
  return startSearch(start, transferRequest(definition, { searchId, request, points, rows }));
}

/** A point to the power phi. */
export function scaledFurther(
  { alpha, beta, gamma }: Pick<ListedPoint, 'alpha' | 'beta' | 'gamma'>,
  phi: number,
): Pick<ListedPoint, 'alpha' | 'beta' | 'gamma'> {
  return { alpha: alpha ** phi, beta: beta ** phi, gamma: gamma ** phi };
}

/** @throws CompoundSearchError COEFFICIENT_INVALID */
function requireListable(point: ListedPoint, phi: number): ListedPoint {
  const { error } = listedPointSchema.safeParse(point);
  if (error === undefined) return point;
  const { alpha, beta, gamma } = point;
  throw new CompoundSearchError(
    'COEFFICIENT_INVALID',
    `At phi = ${phi} a row would have the coefficients (${alpha}, ${beta}, ${gamma}), of which one is out of range`,
    { field: 'phi', value: phi, remedy: 'Give a phi nearer to 1.' },
  );
}

function bestRows(results: SearchResults, count: number): CandidateResults[] {
  const byFingerprint = new Map(results.candidates.map((candidate) => [candidate.fingerprint, candidate]));
  const ranked = rankResults(results).rows.flatMap(({ rank, fingerprint }) =>
    rank === null ? [] : (byFingerprint.get(fingerprint) ?? []),
  );
  if (ranked.length < fewestRows) {
    throw new CompoundSearchError(
      'TRANSFER_INVALID',
      `Search ${results.searchId} has ${ranked.length} ranked rows; an order to compare has at least ${fewestRows}`,
      { field: 'id', value: results.searchId, remedy: 'Transfer a search with more candidates.' },
    );
  }
  return ranked.slice(0, count);
}

interface TransferParts {
  readonly searchId: string;
  readonly request: TransferRequest;
  readonly points: readonly ListedPoint[];
  readonly rows: readonly CandidateResults[];
}

function transferRequest({ request: origin }: SearchDefinition, parts: TransferParts): SearchRequest {
  const { searchId, request, points, rows } = parts;
  const { baseline, dataset, split, recipe, device, reuse, testSeeds, trainings, data } = origin;
  return searchRequestSchema.parse({
    ...{ baseline, dataset, split, recipe, device, reuse, testSeeds, trainings, data },
    name: `${origin.name ?? searchId} at phi = ${request.phi}`.slice(0, 200),
    points,
    transferOf: { searchId, phi: request.phi },
    constraint: { exponents: origin.constraint.exponents, target: targetAt(origin, request.phi) },
    seeds:
      request.seeds ??
      seedsToTransfer(
        origin.seeds,
        rows.map(({ seeds }) => seeds.length),
      ),
    // The order of all rows counts.
    strategy: { kind: 'full' },
  });
}

/**
 * As many seeds as half of the rows have been trained with: a race gives many to the few that it has to tell apart, and an
 * order of all rows is no better known for those. Two at least, since one says nothing about chance.
 */
export function seedsToTransfer(seeds: readonly number[], trained: readonly number[]): number[] {
  const middle = trained.toSorted((one, other) => one - other)[Math.floor(trained.length / 2)] ?? 0;
  return seeds.slice(0, Math.max(2, middle));
}

/** Only which of equal networks' points comes first depends on it. */
function targetAt({ constraint: { target } }: SearchRequest, phi: number): number {
  return Math.min(1000, Math.max(1e-6, target ** phi));
}
