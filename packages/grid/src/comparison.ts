import {
  type ComparisonMethod,
  CompoundSearchError,
  type ListedPoint,
  type ScalingCoefficients,
} from '@compound-search/contracts';
import type { NetworkDescription, ScalingOptions } from '@compound-search/networks';
import { imageCostExponents, type Shares, sharesOf, strategies, strategyMultipliers } from '@compound-search/scaling';

import type { AxisName } from './axis.ts';
import { roundUp } from './constraint-band.ts';
import { macsRatios, type SizedNetwork } from './macs-ratios.ts';

/** Ways to scale one baseline to one cost. */
export interface ComparisonPlanRequest {
  readonly baseline: NetworkDescription;
  /** What the data set and the recipe change in every network. @defaultValue nothing */
  readonly scaling?: ScalingOptions;
  /** Of the method `compound`: the proportion in which depth, width and resolution grow. */
  readonly coefficients: ScalingCoefficients;
  readonly methods: readonly ComparisonMethod[];
  /** Exact multiply-adds over those of the baseline; not 1. */
  readonly target: number;
  /** How far from it a network may be, as a share of the target. */
  readonly tolerance: number;
}

/** What a method comes to at a target. */
export interface ComparedNetwork {
  readonly method: ComparisonMethod;
  /** Labelled with the method. */
  readonly point: ListedPoint;
  /** Exact multiply-adds over those of the baseline. */
  readonly macsRatio: number;
  /** Why more than the method's own axes differ from the baseline; null where they do not. */
  readonly note: string | null;
}

interface Direction {
  readonly method: ComparisonMethod;
  /** What the formula says reaches the target. */
  readonly unit: ScalingCoefficients;
}

interface Found extends SizedNetwork {
  /** Of the method's own coefficients: 1 is what the formula says. */
  readonly power: number;
}

/** Powers are tried in steps of one in so many; rounding is much coarser. */
const stepsPerPower = 500;
const maximumPower = 4;
/** Tuned axes are tried up to twice and down to half, in steps of 0.2 %. */
const tuningStep = Math.log(1.002);
const maximumTuning = Math.log(2);

const axisWords = { alpha: 'depth', beta: 'width', gamma: 'resolution' } as const;

/** The axes that a method leaves alone, and so may be tuned; the one that it is named for stays as it has set it. */
const tunedAxes: Readonly<Record<ComparisonMethod, readonly AxisName[]>> = {
  'depth-only': ['gamma', 'beta'],
  'width-only': ['gamma', 'alpha'],
  'resolution-only': ['beta', 'alpha'],
  compound: ['gamma', 'beta', 'alpha'],
};

function sharesOfMethod(method: ComparisonMethod, coefficients: ScalingCoefficients): Shares {
  return method === 'compound' ? sharesOf(coefficients) : strategies[method];
}

/** Four decimals: finer than any rounding to blocks, channels and pixels of networks that can be trained. */
function rounded(value: number): number {
  return Number(value.toFixed(4));
}

function pointAt({ unit }: Direction, power: number): ScalingCoefficients {
  return {
    alpha: rounded(unit.alpha ** power),
    beta: rounded(unit.beta ** power),
    gamma: rounded(unit.gamma ** power),
  };
}

type SizeOf = (point: ScalingCoefficients) => SizedNetwork | undefined;

/** The different networks of a method up to twice the growth that is asked for, each at the power nearest to 1. */
function networksAlong(direction: Direction, target: number, sizeOf: SizeOf): Found[] {
  const furthest = Math.abs(Math.log(target)) + Math.log(2);
  const networks = new Map<string, Found>();
  for (let step = 1; step <= maximumPower * stepsPerPower; step += 1) {
    const power = step / stepsPerPower;
    const network = sizeOf(pointAt(direction, power));
    if (network === undefined || Math.abs(Math.log(network.ratio)) > furthest) break;
    const known = networks.get(network.key);
    if (known === undefined || Math.abs(power - 1) < Math.abs(known.power - 1)) {
      networks.set(network.key, { ...network, power });
    }
  }
  return [...networks.values()];
}

function distance({ ratio }: SizedNetwork, target: number): number {
  return Math.abs(ratio / target - 1);
}

function nearestOf<T extends SizedNetwork>(networks: readonly T[], target: number): T | undefined {
  return networks.reduce<T | undefined>(
    (nearest, network) =>
      nearest === undefined || distance(network, target) < distance(nearest, target) ? network : nearest,
    undefined,
  );
}

interface Tuned extends SizedNetwork {
  readonly axis: AxisName;
  readonly factor: number;
}

/** The least change of an axis by which one of the networks gets within the tolerance; else the nearest that it gets. */
function tune(
  axis: AxisName,
  networks: readonly Found[],
  { target, tolerance }: ComparisonPlanRequest,
  sizeOf: SizeOf,
): Tuned | undefined {
  let nearest: Tuned | undefined;
  for (let step = 1; step * tuningStep <= maximumTuning; step += 1) {
    const tuned = [Math.exp(-step * tuningStep), Math.exp(step * tuningStep)].flatMap((factor) =>
      networks.flatMap(({ point }): Tuned[] => {
        const network = sizeOf({ ...point, [axis]: rounded(point[axis] * factor) });
        return network === undefined ? [] : [{ ...network, axis, factor: rounded(factor) }];
      }),
    );
    nearest = nearestOf(nearest === undefined ? tuned : [nearest, ...tuned], target);
    if (nearest !== undefined && distance(nearest, target) <= tolerance) return nearest;
  }
  return nearest;
}

function planMethod(method: ComparisonMethod, request: ComparisonPlanRequest, sizeOf: SizeOf): ComparedNetwork {
  const { target, tolerance, coefficients } = request;
  const { depth, width, resolution } = strategyMultipliers(sharesOfMethod(method, coefficients), target);
  const unit = { alpha: depth, beta: width, gamma: resolution };
  const networks = networksAlong({ method, unit }, target, sizeOf);
  const own = nearestOf(networks, target);
  if (own !== undefined && distance(own, target) <= tolerance) {
    return { method, point: { ...own.point, label: method }, macsRatio: own.ratio, note: null };
  }
  const tuned = tunedAxes[method].flatMap((axis) => tune(axis, networks, request, sizeOf) ?? []);
  const [least] = tuned
    .filter((network) => distance(network, target) <= tolerance)
    .sort((one, other) => costOfTuning(one) - costOfTuning(other));
  if (least === undefined) {
    throw unreachable(method, request, nearestOf<SizedNetwork>(own === undefined ? tuned : [own, ...tuned], target));
  }
  const { point, ratio } = least;
  return { method, point: { ...point, label: method }, macsRatio: ratio, note: noteOf(method, own, least) };
}

/** By how much the formula says that a tuned axis changes the cost. */
function costOfTuning({ axis, factor }: Tuned): number {
  const { depth, width, resolution } = imageCostExponents;
  return { alpha: depth, beta: width, gamma: resolution }[axis] * Math.abs(Math.log(factor));
}

function noteOf(method: ComparisonMethod, own: SizedNetwork | undefined, { axis, factor, ratio }: Tuned): string {
  const alone =
    own === undefined ? '' : `, whose nearest network by itself costs ${own.ratio.toFixed(3)} times the baseline`;
  const moved = `the ${axisWords[axis]} of ${method} is multiplied by ${Number(factor.toPrecision(4))}`;
  return `To reach equal cost, ${moved}${alone}; so it costs ${ratio.toFixed(3)} times.`;
}

function unreachable(
  method: ComparisonMethod,
  { target, tolerance }: ComparisonPlanRequest,
  nearest: SizedNetwork | undefined,
): CompoundSearchError {
  const percent = Number((100 * tolerance).toPrecision(3));
  const reached =
    nearest === undefined ? 'none can be built.' : `the nearest costs ${Number(nearest.ratio.toPrecision(4))} times.`;
  return new CompoundSearchError(
    'GRID_INFEASIBLE',
    `No ${method} network costs within ${percent} % of ${target} times the baseline's multiply-adds, with any other axis ` +
      `tuned either: ${reached}`,
    {
      field: 'targets',
      value: target,
      remedy:
        nearest === undefined
          ? 'Give a target nearer to 1.'
          : `Raise tolerance to ${roundUp(distance(nearest, target))}, give another target, or leave out the method.`,
    },
  );
}

/**
 * Networks of equal exact cost, one for each method. Along a method's own axes, the network nearest to the target is
 * taken. Where rounding to whole blocks, channels and pixels leaves none within the tolerance, another axis is moved: the
 * one that reaches it with the least change, by what the formula says of its cost.
 *
 * @throws CompoundSearchError GRID_INFEASIBLE where a method cannot reach the target, COEFFICIENT_INVALID for coefficients
 * that leave the cost as it is, NETWORK_INVALID where the baseline cannot be built.
 */
export function planComparison(request: ComparisonPlanRequest): ComparedNetwork[] {
  const { baseline, scaling = {}, methods } = request;
  const sizeOf = macsRatios({ baseline, scaling });
  return methods.map((method) => planMethod(method, request, sizeOf));
}
