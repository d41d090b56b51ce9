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
import { streamSeed } from './random-streams.ts';

/** Assigns every variable whose start does not depend on the seed: biases, batch normalization, optimizer slots. */
export function assignConstants(variables: readonly NetworkVariable[], slots: readonly OptimizerSlots[]): Operation[] {
  return constantStarts(variables, slots).map(([variable, start]) => variable.assign(start));
}

/** The same for the model's main op, which runs before there is anything that an assignment would have to wait for. */
export function initializeConstants(
  variables: readonly NetworkVariable[],
  slots: readonly OptimizerSlots[],
): Operation[] {
  return constantStarts(variables, slots).map(([variable, start]) => variable.initialize(start));
}

/** Assigns every weight that starts at random, each from the stream of its own name. */
export function assignRandom(variables: readonly NetworkVariable[], seed: Tensor): Operation[] {
  return variables.flatMap(({ variable, initial }) => {
    if (initial.kind === 'constant') return [];
    return [variable.assign(randomStart(streamSeed(seed, variable.name, 0), variable.shape, initial))];
  });
}

function constantStarts(
  variables: readonly NetworkVariable[],
  slots: readonly OptimizerSlots[],
): [variable: Variable, start: Tensor][] {
  const starts = [
    ...variables.map(({ variable, initial }) => ({ variable, initial })),
    ...slots.flatMap((kept) => kept.slots),
  ];
  return starts.flatMap(({ variable, initial }) =>
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
