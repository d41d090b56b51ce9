import { CompoundSearchError, type Constraint, type Point } from '@compound-search/contracts';
import {
  type NetworkDescription,
  type NetworkTotals,
  scaleBaseline,
  type ScaledArchitecture,
  type ScalingOptions,
  summarizeNetwork,
} from '@compound-search/networks';
import { multipliers } from '@compound-search/scaling';

import { compareRepresentatives } from './representative-point.ts';

/** Points that become one network at phi = 1. */
export interface PointGroup {
  /** Scaled with the first point. */
  readonly architecture: ScaledArchitecture;
  readonly totals: NetworkTotals;
  readonly fingerprint: string;
  /** The representative first, see {@link compareRepresentatives}; never empty. */
  readonly points: readonly Point[];
}

/** What turns points into networks. */
export interface GroupingRequest {
  /** In the order in which the groups are returned. */
  readonly points: readonly Point[];
  readonly constraint: Pick<Constraint, 'target'>;
  readonly baseline: NetworkDescription;
  readonly scaling: ScalingOptions;
  readonly maximumCandidates: number;
}

function tooMany(found: number, { points, maximumCandidates }: GroupingRequest): CompoundSearchError {
  const message =
    `The ${points.length} grid points that meet the constraint are at least ${found} different networks; ` +
    `at most ${maximumCandidates} are accepted.`;
  const remedy = 'Use larger steps, shorter ranges or a lower constraint.tolerance.';
  return new CompoundSearchError('TOO_MANY_CANDIDATES', message, { field: 'grid', value: found, remedy });
}

function scaleAtPoint(point: Point, { baseline, scaling }: GroupingRequest): ScaledArchitecture {
  return scaleBaseline(baseline, multipliers(point, 1), scaling);
}

/** All that rounding leaves of a point: architectures of one baseline with equal sizes are the same network. */
function sizes({ repeats, channels, resolution }: ScaledArchitecture): string {
  return [repeats, channels, resolution].map((numbers) => numbers.join()).join(';');
}

/** Points by the sizes they round to, cheaply and without planning a layer, up to the first candidate too many. */
function groupBySizes(request: GroupingRequest): Point[][] {
  const groups = new Map<string, Point[]>();
  for (const point of request.points) {
    const key = sizes(scaleAtPoint(point, request));
    const group = groups.get(key);
    if (group !== undefined) group.push(point);
    else if (groups.size < request.maximumCandidates) groups.set(key, [point]);
    else throw tooMany(groups.size + 1, request);
  }
  return [...groups.values()];
}

function toGroup(points: readonly Point[], request: GroupingRequest): PointGroup {
  const sorted = points.toSorted(compareRepresentatives(request.constraint));
  const [representative] = sorted;
  if (representative === undefined) throw new Error('A group has at least one point.');
  const architecture = scaleAtPoint(representative, request);
  return { architecture, points: sorted, ...summarizeNetwork(architecture) };
}

/**
 * Groups points by the fingerprint of their network. Groups come in the order of their first points. Yields after each
 * network: one of thousands of blocks takes 10 milliseconds.
 *
 * @throws CompoundSearchError TOO_MANY_CANDIDATES at the first group over the limit, before any network is planned;
 * NETWORK_INVALID and COEFFICIENT_INVALID as scaling and planning do.
 */
export function* groupByNetwork(request: GroupingRequest): Generator<undefined, PointGroup[]> {
  const groups = new Map<string, PointGroup>();
  for (const points of groupBySizes(request)) {
    const group = toGroup(points, request);
    const same = groups.get(group.fingerprint);
    groups.set(group.fingerprint, same === undefined ? group : toGroup([...same.points, ...points], request));
    yield undefined;
  }
  return [...groups.values()];
}
