import {
  add,
  cast,
  constant,
  div,
  type Graph,
  minimum,
  mul,
  type Operation,
  sub,
  type Tensor,
  Variable,
} from '@compound-search/graph';

import type { NetworkVariable, NetworkVariables } from './network-variables.ts';

/** Exponential moving averages of the network's variables, moving statistics included; empty where they are off. */
export type WeightAverages = ReadonlyMap<NetworkVariable, Variable>;

/** One average for each variable, which starts as the variable does. */
export function createWeightAverages(
  graph: Graph,
  variables: readonly NetworkVariable[],
  { weightAverageDecay }: { readonly weightAverageDecay: number },
): WeightAverages {
  if (weightAverageDecay === 0) return new Map();
  return new Map(
    variables.map((averaged) => {
      const { name, shape } = averaged.variable;
      return [averaged, new Variable(graph, { name: `${name}/average`, shape })];
    }),
  );
}

/**
 * Moves every average towards its variable: average = d average + (1 - d) variable with
 * d = min(decay, (1 + step) / (10 + step)), as tf.train.ExponentialMovingAverage has it. Build it after the step's updates.
 */
export function weightAverageUpdates(averages: WeightAverages, decay: number, step: Tensor): Operation[] {
  if (averages.size === 0) return [];
  const done = cast(step, 'float32');
  const kept = minimum(div(add(done, 1), add(done, 10)), decay);
  const moved = sub(constant(step.graph, 1), kept);
  return [...averages].map(([{ variable }, average]) =>
    average.assignSub(mul(sub(average.read(), variable.read()), moved)),
  );
}

/** The variables that evaluation reads: the averages in place of what they average. */
export function evaluatedVariables(variables: NetworkVariables, averages: WeightAverages): NetworkVariables {
  if (averages.size === 0) return variables;
  return new Map(
    [...variables].map(([layer, parts]) => [
      layer,
      new Map(
        [...parts].map(([part, averaged]) => [
          part,
          { ...averaged, variable: averages.get(averaged) ?? averaged.variable },
        ]),
      ),
    ]),
  );
}
