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
import { type OptimizerSlots, slotStarts } from './optimizer.ts';
import { streamSeed } from './random-streams.ts';

/** Assigns every variable whose start does not depend on the seed: biases, batch normalization, optimizer slots. */
export function assignConstants(variables: readonly NetworkVariable[], slots: readonly OptimizerSlots[]): Operation[] {
  return [
    ...variables.flatMap(({ variable, initial }) => assignConstant(variable, initial)),
    ...slots.flatMap(({ meanSquare, momentum }) => [
      ...assignConstant(meanSquare, slotStarts.meanSquare),
      ...assignConstant(momentum, slotStarts.momentum),
    ]),
  ];
}

/** Assigns every weight that starts at random, each from the stream of its own name. */
export function assignRandom(variables: readonly NetworkVariable[], seed: Tensor): Operation[] {
  return variables.flatMap(({ variable, initial }) => {
    if (initial.kind === 'constant') return [];
    return [variable.assign(randomStart(streamSeed(seed, variable.name, 0), variable.shape, initial))];
  });
}

function assignConstant(variable: Variable, initial: InitialValue): Operation[] {
  if (initial.kind !== 'constant') return [];
  return [variable.assign(constant(variable.graph, initial.value, { dtype: 'float32', shape: variable.shape }))];
}

function randomStart(
  seed: Tensor,
  shape: readonly number[],
  initial: Exclude<InitialValue, { kind: 'constant' }>,
): Tensor {
  if (initial.kind === 'normal') return mul(statelessRandomNormal(seed, { shape }), initial.standardDeviation);
  return add(mul(statelessRandomUniform(seed, { shape }), 2 * initial.limit), -initial.limit);
}
