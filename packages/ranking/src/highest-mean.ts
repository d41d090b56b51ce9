import type { Belief } from './beliefs.ts';
import { normalCdf, normalDensity } from './normal-distribution.ts';

/** Beyond so many deviations lies a probability of 3e-6. */
const reach = 4.5;
/** Nodes of the trapezoidal rule per narrowest deviation. */
const nodesPerDeviation = 2;
/** A probability that all means are lower which adds nothing any more. */
const negligible = 1e-7;

/** Which of independent means is the highest. */
export interface HighestMean {
  /** Of each of the contenders; they sum to 1. */
  readonly probabilities: Float64Array;
  readonly contenders: readonly number[];
  /** Probability that the leader's mean is not further than the indifference below the highest. */
  readonly indifferent: number;
}

interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly narrowest: number;
}

/** Between which bounds a candidate's mean surely lies. */
function boundsOf({ starts, means, deviations }: Belief, candidate: number): Bounds {
  let low = Infinity;
  let high = -Infinity;
  let narrowest = Infinity;
  const end = starts[candidate + 1] ?? 0;
  for (let index = starts[candidate] ?? 0; index < end; index++) {
    const deviation = deviations[index] ?? 0;
    low = Math.min(low, (means[index] ?? 0) - reach * deviation);
    high = Math.max(high, (means[index] ?? 0) + reach * deviation);
    narrowest = Math.min(narrowest, deviation);
  }
  return { low, high, narrowest };
}

interface Field {
  /** The leader first, then all others that are not surely lower than another one. */
  readonly contenders: readonly number[];
  readonly highest: number;
  readonly narrowest: number;
}

function findContenders(belief: Belief, eligible: readonly number[], leader: number): Field {
  const bounds = eligible.map((candidate) => boundsOf(belief, candidate));
  let floor = -Infinity;
  for (const { low } of bounds) floor = Math.max(floor, low);
  const contenders = [leader];
  let { high: highest, narrowest } = boundsOf(belief, leader);
  for (const [index, candidate] of eligible.entries()) {
    const own = bounds[index];
    if (candidate === leader || own === undefined || own.high < floor) continue;
    contenders.push(candidate);
    highest = Math.max(highest, own.high);
    narrowest = Math.min(narrowest, own.narrowest);
  }
  return { contenders, highest, narrowest };
}

// The table is asked for up to a million times: a constant of this module spares the look-up of the import.
const cdf = normalCdf;
const density = normalDensity;

/** Probability that a candidate's mean is below `x`. */
function probabilityBelow({ starts, weights, means, deviations }: Belief, candidate: number, x: number): number {
  let below = 0;
  const end = starts[candidate + 1] ?? 0;
  for (let index = starts[candidate] ?? 0; index < end; index++) {
    below += (weights[index] ?? 0) * cdf((x - (means[index] ?? 0)) / (deviations[index] ?? 1));
  }
  return below;
}

function densityAt({ starts, weights, means, deviations }: Belief, candidate: number, x: number): number {
  let sum = 0;
  const end = starts[candidate + 1] ?? 0;
  for (let index = starts[candidate] ?? 0; index < end; index++) {
    const deviation = deviations[index] ?? 1;
    sum += ((weights[index] ?? 0) * density((x - (means[index] ?? 0)) / deviation)) / deviation;
  }
  return sum;
}

/** The indifference as a number of steps: a whole one, unless it is far below a step. */
function divide(step: number, indifference: number): { step: number; shift: number } {
  const shift = Math.ceil(indifference / step);
  if (shift > 1 || indifference > step / 8) return { step: indifference / shift, shift };
  return { step: step / 8, shift: (8 * indifference) / step };
}

/** What is kept of every node, from the highest downwards. */
interface Nodes {
  readonly leaderDensities: number[];
  /** Probability that all means but the leader's are below the node. */
  readonly othersBelow: number[];
}

function belowAt(othersBelow: readonly number[], node: number): number {
  return node < 0 ? 1 : (othersBelow[node] ?? 0);
}

/** Integral over x of P(the leader's mean is x) * P(all other means are below x + indifference). */
function integrateIndifferent({ leaderDensities, othersBelow }: Nodes, step: number, shift: number): number {
  const whole = Math.floor(shift);
  const part = shift - whole;
  let sum = 0;
  for (const [node, density] of leaderDensities.entries()) {
    const above = belowAt(othersBelow, node - whole);
    sum += density * (part === 0 ? above : above + part * (belowAt(othersBelow, node - whole - 1) - above));
  }
  return Math.min(1, sum * step);
}

/**
 * Sets of each contender how probable it is to be at `x` if it is not above; returns the probability that none is above,
 * or 0 where that is negligible.
 */
function findRatios(belief: Belief, contenders: readonly number[], x: number, ratios: Float64Array): number {
  let all = 1;
  for (let index = 0; index < contenders.length; index++) {
    const candidate = contenders[index] ?? 0;
    const below = probabilityBelow(belief, candidate, x);
    all *= below;
    // The probability that all are below is at most that of each, so that nothing is divided by a negligible one.
    if (all <= negligible) return 0;
    // Where it is certain to be below, nothing of it is left at x.
    ratios[index] = below > 1 - negligible ? 0 : densityAt(belief, candidate, x) / below;
  }
  return all;
}

/**
 * Which of the eligible candidates has the highest true mean: the integral over x of P(this mean is x) * P(all other means
 * are below x), for each, downwards by the trapezoidal rule. The leader is one of them.
 */
export function highestMean(
  belief: Belief,
  eligible: readonly number[],
  leader: number,
  indifference: number,
): HighestMean {
  const { contenders, highest, narrowest } = findContenders(belief, eligible, leader);
  const { step, shift } = divide(narrowest / nodesPerDeviation, indifference);
  const probabilities = new Float64Array(contenders.length);
  const ratios = new Float64Array(contenders.length);
  const nodes: Nodes = { leaderDensities: [], othersBelow: [] };
  let x = highest;
  for (let all = 1; all > 0; x -= step) {
    all = findRatios(belief, contenders, x, ratios);
    if (all > 0) {
      for (let index = 0; index < ratios.length; index++) {
        probabilities[index] = (probabilities[index] ?? 0) + all * (ratios[index] ?? 0);
      }
    }
    nodes.othersBelow.push(all > 0 ? all / probabilityBelow(belief, leader, x) : 0);
    nodes.leaderDensities.push(densityAt(belief, leader, x));
  }
  // Further down, no other mean is above x, but x + indifference still is above some. Where the leader cannot be any more,
  // nothing follows: an indifference far above all that is uncertain would take millions of steps.
  const { low } = boundsOf(belief, leader);
  for (let rest = Math.ceil(shift); rest > 0 && x >= low; rest--, x -= step) {
    nodes.leaderDensities.push(densityAt(belief, leader, x));
  }
  const total = probabilities.reduce((sum, value) => sum + value, 0);
  return {
    contenders,
    probabilities: probabilities.map((value) => value / total),
    indifferent: integrateIndifferent(nodes, step, shift),
  };
}
