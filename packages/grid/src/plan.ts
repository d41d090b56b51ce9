import type { BaselineCost, Candidate, Constraint, GridRequest, Plan } from '@compound-search/contracts';
import {
  type NetworkDescription,
  type NetworkTotals,
  scaleBaseline,
  type ScaledArchitecture,
  type ScalingOptions,
  summarizeNetwork,
} from '@compound-search/networks';
import { unscaled } from '@compound-search/scaling';

import { groupByNetwork, type PointGroup } from './candidates.ts';
import { findFeasiblePoints, type GridLimits } from './feasible-points.ts';
import { planNotes } from './plan-notes.ts';

/** A grid over a baseline, for images of a data set. */
export interface PlanRequest {
  readonly grid: GridRequest;
  readonly constraint: Constraint;
  readonly baseline: NetworkDescription;
  /** What the data set and the recipe change in every network: classes, input channels, rates. @defaultValue nothing */
  readonly scaling?: ScalingOptions;
  /** The size in pixels that the data set's images have themselves. */
  readonly image: { readonly height: number; readonly width: number };
  readonly limits?: PlanLimits;
}

/** How large a plan may be. */
export interface PlanLimits extends GridLimits {
  /** Distinct networks. @defaultValue 1,000 */
  readonly maximumCandidates?: number;
}

const defaultMaximumCandidates = 1000;

function baselineCost(architecture: ScaledArchitecture, totals: NetworkTotals): BaselineCost {
  const { parameters, macs, activations } = totals;
  return { parameters, macs, activations, resolution: [...architecture.resolution] };
}

/** Whether an image must be enlarged to the resolution of the network; frames of a video do not count. */
function enlarges(resolution: readonly number[], image: PlanRequest['image']): boolean {
  const [height = 0, width = 0] = resolution.slice(-2);
  return height > image.height || width > image.width;
}

function toCandidate(group: PointGroup, baseline: BaselineCost, image: PlanRequest['image']): Candidate {
  const { architecture, totals, fingerprint, points } = group;
  const { parameters, macs, activations } = totals;
  return {
    fingerprint,
    multipliers: { ...architecture.multipliers },
    resolution: [...architecture.resolution],
    repeats: [...architecture.repeats],
    channels: [...architecture.channels],
    parameters,
    macs,
    macsRatio: macs / baseline.macs,
    activations,
    enlarges: enlarges(architecture.resolution, image),
    points: [...points],
  };
}

/**
 * The plan of a search, before anything is trained: the points that meet the constraint and the distinct networks they
 * round to at phi = 1, with exact costs. Candidates come in the order of their first points, by alpha, beta and gamma.
 *
 * @throws CompoundSearchError AXIS_INVALID, AXIS_TOO_LONG, GRID_TOO_LARGE and GRID_INFEASIBLE for the grid,
 * TOO_MANY_CANDIDATES before networks are planned, NETWORK_INVALID where a network cannot be built.
 */
export function planSearch(request: PlanRequest): Plan {
  const { grid, constraint, baseline, scaling = {}, image, limits = {} } = request;
  const { total, feasible } = findFeasiblePoints(grid, constraint, limits);
  const { maximumCandidates = defaultMaximumCandidates } = limits;
  const groups = groupByNetwork({ points: feasible, constraint, baseline, scaling, maximumCandidates });
  const unscaledArchitecture = scaleBaseline(baseline, unscaled, scaling);
  const cost = baselineCost(unscaledArchitecture, summarizeNetwork(unscaledArchitecture).totals);
  const candidates = groups.map((group) => toCandidate(group, cost, image));
  return {
    points: total,
    feasiblePoints: feasible.length,
    baseline: cost,
    candidates,
    notes: planNotes({ groups, candidates, feasiblePoints: feasible.length, image }),
  };
}
