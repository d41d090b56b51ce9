import {
  type BaselineCost,
  type Candidate,
  CompoundSearchError,
  type Constraint,
  type FellAway,
  type GridRequest,
  type ListedPoint,
  type Plan,
  type PlanWarning,
  type Point,
} from '@compound-search/contracts';
import {
  describeScaled,
  type NetworkDescription,
  type NetworkTotals,
  scaleBaseline,
  type ScaledArchitecture,
  type ScalingOptions,
  summarizeNetwork,
  type TrainingSetup,
} from '@compound-search/networks';
import { unscaled } from '@compound-search/scaling';

import { groupByNetwork, type PointGroup } from './candidates.ts';
import { toPoint } from './constraint-band.ts';
import { type CostReference, exactMeasureOf } from './exact-cost.ts';
import { findExactPoints, type PlannedPoints } from './exact-points.ts';
import { findFeasiblePoints } from './feasible-points.ts';
import { type GridLimits, type ListedGrid, listGrid } from './listed-grid.ts';
import { planNotes, planWarnings } from './plan-notes.ts';
import { pointsWithinMaxima } from './point-costs.ts';

/** A grid or a list of points over a baseline, for images of a data set. */
export interface PlanRequest {
  /** One of `grid` and `points` is given. */
  readonly grid?: GridRequest | undefined;
  readonly points?: readonly ListedPoint[] | undefined;
  readonly constraint: Constraint;
  readonly baseline: NetworkDescription;
  /** What the data set and the recipe change in every network: classes, input channels, rates. @defaultValue nothing */
  readonly scaling?: ScalingOptions;
  /** What the memory of training depends on. @defaultValue a batch of 32 and two optimizer slots */
  readonly training?: TrainingSetup;
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
  const { resolution, classes, input } = architecture;
  return { parameters, macs, activations, resolution: [...resolution], classes, inputChannels: input.channels };
}

/** Whether an image must be enlarged to the resolution of the network; frames of a video do not count. */
function enlarges(resolution: readonly number[], image: PlanRequest['image']): boolean {
  const [height = 0, width = 0] = resolution.slice(-2);
  return height > image.height || width > image.width;
}

function toCandidate(group: PointGroup, baseline: BaselineCost, image: PlanRequest['image']): Candidate {
  const { architecture, totals, fingerprint, points } = group;
  return {
    fingerprint,
    ...describeScaled(architecture, totals, baseline.macs),
    enlarges: enlarges(architecture.resolution, image),
    points: [...points],
  };
}

/** A plan, and what fell away on the way to it. */
export interface GridPlan extends Plan {
  readonly fellAway: FellAway;
  /** Each is also one of the notes. */
  readonly warnings: PlanWarning[];
}

function plannedPoints(request: PlanRequest, listed: ListedGrid | undefined, reference: CostReference): PlannedPoints {
  const { grid, points, constraint, baseline, scaling = {}, limits = {} } = request;
  if (points !== undefined) return listedPoints(points, constraint, { baseline, scaling, reference });
  if (grid === undefined || listed === undefined) throw new Error('A plan has a grid or points.');
  requireTunable(grid, constraint);
  const measure = exactMeasureOf(constraint);
  if (measure !== undefined) {
    return findExactPoints({ grid: listed, constraint, measure, scaling: { baseline, scaling }, reference }, limits);
  }
  const { total, feasible, belowMinimum } = findFeasiblePoints(grid, constraint, limits);
  const kept = pointsWithinMaxima(feasible, constraint, { baseline, scaling, reference });
  const overMaximum = feasible.length - kept.length;
  return { total, feasible: kept, belowMinimum, overMaximum, samePoint: 0, unbuildable: 0 };
}

/** Points that are listed are taken as they are: no tolerance leaves one out. */
function listedPoints(
  points: readonly ListedPoint[],
  constraint: Constraint,
  setting: Parameters<typeof pointsWithinMaxima>[2],
): PlannedPoints {
  const different = new Map(points.map((point) => [JSON.stringify(pointKey(point)), point]));
  const listed = [...different.values()].map(({ label, ...point }): Point => ({
    ...toPoint(point, constraint),
    ...(label === undefined ? {} : { label }),
  }));
  const kept = pointsWithinMaxima(listed, constraint, setting);
  return {
    total: listed.length,
    feasible: kept,
    belowMinimum: 0,
    overMaximum: listed.length - kept.length,
    samePoint: 0,
    unbuildable: 0,
  };
}

function pointKey({ alpha, beta, gamma, label }: ListedPoint): unknown[] {
  return [alpha, beta, gamma, label];
}

function requireTunable({ gamma }: GridRequest, { tuneResolution, measure }: Constraint): void {
  if (!tuneResolution) return;
  const field = 'constraint.tuneResolution';
  if (measure === 'formula' || measure === 'parameters') {
    const message = `The resolution cannot be tuned to meet ${measure === 'formula' ? 'the formula' : measure}.`;
    const remedy = 'Set constraint.measure to macs, activations or memory.';
    throw new CompoundSearchError('CONSTRAINT_INVALID', message, { field, value: true, remedy });
  }
  const isOne = Array.isArray(gamma) ? gamma.length === 1 : gamma !== 'solve' && gamma.from + gamma.step > gamma.to;
  if (!isOne) return;
  throw new CompoundSearchError(
    'CONSTRAINT_INVALID',
    'The resolution cannot be tuned within the step of grid.gamma, which has one value.',
    { field, value: true, remedy: 'Give grid.gamma several values, or "solve".' },
  );
}

/**
 * The plan of a search, before anything is trained: the points that meet the constraint and the distinct networks they
 * round to at phi = 1, with exact costs. Candidates come in the order of their first points: those of a grid by alpha, beta
 * and gamma, those of a list as listed.
 *
 * @throws CompoundSearchError AXIS_INVALID, AXIS_TOO_LONG, GRID_TOO_LARGE and GRID_INFEASIBLE for the grid,
 * CONSTRAINT_INVALID for a constraint that does not fit it, TOO_MANY_CANDIDATES before networks are planned,
 * NETWORK_INVALID where a network cannot be built.
 */
export function planSearch(request: PlanRequest): GridPlan {
  const steps = planSteps(request);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same, network by network, for those who must not be held up: yields after each, and returns the plan. */
export function* planSteps(request: PlanRequest): Generator<undefined, GridPlan> {
  const { constraint, baseline, scaling = {}, training = { batch: 32 }, image, limits = {} } = request;
  const unscaledArchitecture = scaleBaseline(baseline, unscaled, scaling);
  const { totals } = summarizeNetwork(unscaledArchitecture);
  const grid = request.grid === undefined ? undefined : listGrid(request.grid, limits);
  const { feasible, total, ...found } = plannedPoints(request, grid, { baseline: totals, training });
  const { maximumCandidates = defaultMaximumCandidates } = limits;
  const groups = yield* groupByNetwork({ points: feasible, constraint, baseline, scaling, maximumCandidates });
  const cost = baselineCost(unscaledArchitecture, totals);
  const candidates = groups.map((group) => toCandidate(group, cost, image));
  const warnings = planWarnings({ candidates, grid, constraint });
  const { samePoint } = found;
  const excluded = found.belowMinimum + found.overMaximum + found.unbuildable + samePoint;
  return {
    points: total,
    feasiblePoints: feasible.length,
    baseline: cost,
    candidates,
    notes: planNotes({ groups, candidates, feasiblePoints: feasible.length, image, warnings, samePoint }),
    fellAway: {
      outsideConstraint: total - feasible.length - excluded,
      ...found,
      sameNetwork: feasible.length - candidates.length,
    },
    warnings,
  };
}
