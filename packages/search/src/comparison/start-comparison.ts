import {
  type ComparisonRequest,
  type ScalingComparison,
  type SearchRequest,
  searchRequestSchema,
  type SearchView,
} from '@compound-search/contracts';
import { planComparison } from '@compound-search/grid';
import { candidateScaling, type NetworkDescription } from '@compound-search/networks';
import type { CreationStore, SearchStore } from '@compound-search/store';

import { planRequest } from '../plan/plan-request.ts';
import { requestData } from '../plan/request-data.ts';
import { resolveBaseline } from '../plan/resolve-baseline.ts';
import { createOnce, partOf } from '../start/create-once.ts';
import { type SearchStart, startSearch } from '../start/start-search.ts';

/** What starting a comparison needs of its surroundings. */
export interface ComparisonStart extends SearchStart {
  readonly store: SearchStart['store'] & CreationStore & Pick<SearchStore, 'getSearch'>;
}

/** A search of a comparison before it is stored. */
interface PlannedSearch {
  readonly target: number;
  readonly request: SearchRequest;
  /** Which networks had to be moved off their method, and how. */
  readonly remarks: readonly string[];
}

/**
 * Starts one search for each target of a comparison, each over the networks that the methods come to at that cost, all
 * with the same data, recipe and seeds. All targets are planned before the first search is stored.
 *
 * @throws CompoundSearchError what planComparison and startSearch throw.
 */
export async function startComparison(start: ComparisonStart, request: ComparisonRequest): Promise<ScalingComparison> {
  const baseline = await resolveBaseline(request.baseline, start.store);
  const planned: PlannedSearch[] = [];
  for (const target of request.targets) {
    const search = await planTarget(start, { request, baseline, target });
    await planRequest(search.request, baseline, start.limits, start.dataRoot);
    planned.push(search);
  }
  const searches: ScalingComparison['searches'] = [];
  for (const { target, request: search, remarks } of planned) {
    const creation = start.creation && partOf(start.creation, `target/${target}`);
    const started = await createOnce(start.store, creation, {
      create: () => startSearch({ ...start, creation }, search, { notes: remarks }),
      read: async (id) => requireStored(await start.store.getSearch(id)),
    });
    searches.push({ target, search: started });
  }
  return { searches };
}

interface TargetRequest {
  readonly request: ComparisonRequest;
  readonly baseline: NetworkDescription;
  readonly target: number;
}

async function planTarget(
  { dataRoot }: SearchStart,
  { request, baseline, target }: TargetRequest,
): Promise<PlannedSearch> {
  const { coefficients, methods, tolerance, name } = request;
  const { seeds, testSeeds, split, recipe, device, priority, reuse, trainings, data } = request;
  const { image, classes } = await requestData(request, dataRoot);
  const networks = planComparison({
    baseline,
    scaling: candidateScaling({ classes, channels: image.channels, recipe }),
    coefficients,
    methods,
    target,
    tolerance,
  });
  return {
    target,
    request: searchRequestSchema.parse({
      ...{ baseline: request.baseline, dataset: request.dataset, seeds, testSeeds, split, recipe, device, reuse },
      ...{ priority, trainings, data },
      name: `${name ?? 'comparison'} at ${target} times the baseline`.slice(0, 200),
      points: networks.map(({ point }) => point),
      constraint: { measure: 'macs', target, tolerance, toleranceKind: 'relative' },
      // Every method is known equally well: what is asked is by how much they differ, not which is best.
      strategy: { kind: 'full' },
    }),
    remarks: networks.flatMap(({ note }) => note ?? []),
  };
}

function requireStored(search: SearchView | null): SearchView {
  if (search === null) throw new Error('A search of the comparison was deleted while it was started');
  return search;
}
