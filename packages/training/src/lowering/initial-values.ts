import {
  add,
  constant,
  mul,
  type Operation,
  statelessRandomNormal,
  statelessRandomUniform,
  type Tensor,
  type Variable,
} from '@compound-search/graph';

import type { InitialValue, NetworkVariable } from './network-variables.ts';
import type { OptimizerSlots } from './optimizer.ts';
import { randomStreams } from './random-streams.ts';
import type { WeightAverages } from './weight-averages.ts';

/** A variable that a training keeps, and how it starts. */
export interface StoredVariable {
  readonly variable: Variable;
  readonly initial: InitialValue;
  /** Name of the stream that a random start is drawn from. */
  readonly stream: string;
}

/** All that a training keeps: the network's variables, what the optimizer has for each, and their averages. */
export function storedVariables(
  variables: readonly NetworkVariable[],
  slots: readonly OptimizerSlots[],
  averages: WeightAverages,
): StoredVariable[] {
  const named = ({ variable, initial }: Omit<StoredVariable, 'stream'>): StoredVariable => ({
    variable,
    initial,
    stream: variable.name,
  });
  return [
    ...variables.map(named),
    ...slots.flatMap((kept) => kept.slots.map(named)),
    ...[...averages].map(([averaged, variable]) => ({ ...named(averaged), variable })),
  ];
}

/** Assigns every variable whose start does not depend on the seed: biases, batch normalization, optimizer slots. */
export function assignConstants(stored: readonly StoredVariable[]): Operation[] {
  return constantStarts(stored).map(([variable, start]) => variable.assign(start));
}

/** The same for the model's main op, which runs before there is anything that an assignment would have to wait for. */
export function initializeConstants(stored: readonly StoredVariable[]): Operation[] {
  return constantStarts(stored).map(([variable, start]) => variable.initialize(start));
}

/** Assigns every variable that starts at random, each from the stream of its own name. */
export function assignRandom(stored: readonly StoredVariable[], seed: Tensor): Operation[] {
  const seedOf = randomStreams(seed, 0);
  return stored.flatMap(({ variable, initial, stream }) => {
    if (initial.kind === 'constant') return [];
    return [variable.assign(randomStart(seedOf(stream), variable.shape, initial))];
  });
}

function constantStarts(stored: readonly StoredVariable[]): [variable: Variable, start: Tensor][] {
  return stored.flatMap(({ variable, initial }) =>
    initial.kind === 'constant'
      ? [[variable, constant(variable.graph, initial.value, { dtype: 'float32', shape: variable.shape })]]
      : [],
  );
}

function randomStart(
  seed: Tensor,
  shape: readonly number[],
  initial: Exclude<InitialValue, { kind: 'constant' }>,
): Tensor {
  if (initial.kind === 'normal') return mul(statelessRandomNormal(seed, { shape }), initial.standardDeviation);
  return add(mul(statelessRandomUniform(seed, { shape }), 2 * initial.limit), -initial.limit);
}
