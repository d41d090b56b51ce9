import { CompoundSearchError, type Constraint, type CostMeasure, type MaximumCost } from '@compound-search/contracts';
import { type NetworkCounts, trainingMemory, type TrainingSetup } from '@compound-search/networks';

import { roundUp } from './constraint-band.ts';

/** What a network costs exactly: for one image, but for the bytes that training holds. */
export interface ExactCost extends NetworkCounts {
  readonly memory: number;
}

/** A measure other than the formula. */
export type ExactMeasure = Exclude<CostMeasure, 'formula'>;

/** What costs are held against. */
export interface CostReference {
  /** Of the unscaled baseline. */
  readonly baseline: NetworkCounts;
  readonly training: TrainingSetup;
}

/** A measure that is held against the target, as a ratio to the baseline. */
export function exactMeasureOf({ measure }: Pick<Constraint, 'measure'>): ExactMeasure | undefined {
  return measure === 'formula' ? undefined : measure;
}

function memoryOf(counts: NetworkCounts, { training }: CostReference): number {
  return trainingMemory(counts, training).total;
}

/** The counts of a network with the memory that its training holds. */
export function exactCost(counts: NetworkCounts, reference: CostReference): ExactCost {
  return { ...counts, memory: memoryOf(counts, reference) };
}

/** A network's cost over that of the baseline. */
export function costRatio(counts: NetworkCounts, measure: ExactMeasure, reference: CostReference): number {
  if (measure === 'memory') return memoryOf(counts, reference) / memoryOf(reference.baseline, reference);
  return counts[measure] / reference.baseline[measure];
}

type Limit = keyof MaximumCost;

const limitsOf = {
  macs: ['macs', 'absolute'],
  parameters: ['parameters', 'absolute'],
  activations: ['activations', 'absolute'],
  memoryBytes: ['memory', 'absolute'],
  macsRatio: ['macs', 'ratio'],
  parametersRatio: ['parameters', 'ratio'],
  activationsRatio: ['activations', 'ratio'],
  memoryRatio: ['memory', 'ratio'],
} as const satisfies Record<Limit, readonly [ExactMeasure, 'absolute' | 'ratio']>;

/** A maximum that a network is over. */
export interface Excess {
  readonly field: string;
  readonly value: number;
  readonly maximum: number;
}

/** The maxima of a constraint, as checks of one network. */
export interface CostMaxima {
  readonly isGiven: boolean;
  /** The maxima that a network is over; none where it may be had. */
  readonly excessesOf: (counts: NetworkCounts) => Excess[];
}

/** The maxima that a constraint has beside its target. */
export function costMaxima({ maximum }: Pick<Constraint, 'maximum'>, reference: CostReference): CostMaxima {
  const names = Object.keys(limitsOf) as Limit[];
  const given = names.flatMap((name) => {
    const most = maximum[name];
    return most === undefined ? [] : [{ name, most }];
  });
  const valueOf = (counts: NetworkCounts, name: Limit): number => {
    const [measure, kind] = limitsOf[name];
    return kind === 'ratio' ? costRatio(counts, measure, reference) : exactCost(counts, reference)[measure];
  };
  return {
    isGiven: given.length > 0,
    excessesOf: (counts) =>
      given.flatMap(({ name, most }) => {
        const value = valueOf(counts, name);
        return value <= most ? [] : [{ field: `constraint.maximum.${name}`, value, maximum: most }];
      }),
  };
}

/** By which factor a network is over the maxima, at the worst of them. */
export function worstExcess(excesses: readonly Excess[]): number {
  return Math.max(1, ...excesses.map(({ value, maximum }) => value / maximum));
}

/** All points that meet the constraint are over a maximum; `excesses` are those of the one that is least so. */
export function overMaximum(points: number, excesses: readonly Excess[]): CompoundSearchError {
  const [first] = excesses;
  if (first === undefined) throw new Error('A network over a maximum has an excess.');
  const needed = excesses.map(({ field, value }) => `${field} to ${roundUp(value)}`).join(' and ');
  const cost = Number(first.value.toPrecision(6));
  const message =
    `Each of the ${points} grid points that meet the constraint is over a maximum; ` +
    `the cheapest of them has ${cost} where ${first.field} is ${first.maximum}.`;
  return new CompoundSearchError('GRID_INFEASIBLE', message, {
    field: first.field,
    value: first.value,
    remedy: `Raise ${needed}, lower constraint.target, or use finer or wider axes.`,
  });
}
