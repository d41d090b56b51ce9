import { describe, expect, it } from 'vitest';

import {
  constant,
  Graph,
  identity,
  noOp,
  type Operation,
  placeholder,
  pow,
  resourceApplyAdam,
  resourceApplyGradientDescent,
  resourceApplyKerasMomentum,
  resourceApplyMomentum,
  resourceApplyRmsProp,
  type Tensor,
  Variable,
} from '../../src/index.ts';
import { load } from '../tensorflow.ts';

const start = [1, -2, 0.5];
const gradientsPerStep = [
  [0.3, -0.1, 2],
  [-0.2, 0.4, 1],
  [0.7, 0, -1.5],
];
const learningRate = 0.1;

type Update = (
  variable: Variable,
  gradient: Tensor,
  slot: (name: string, value: number) => Variable,
  step: Tensor,
) => Operation;

/** The variable after each step. */
async function optimize(update: Update): Promise<number[][]> {
  const graph = new Graph();
  const initial: Operation[] = [];
  const variable = new Variable(graph, { name: 'w', shape: [3] });
  initial.push(variable.initialize(constant(graph, start)));
  const slot = (name: string, value: number): Variable => {
    const created = new Variable(graph, { name, shape: [3] });
    initial.push(created.initialize(constant(graph, value, { shape: [3] })));
    return created;
  };
  const gradient = placeholder(graph, 'gradient', { dtype: 'float32', shape: [3] });
  const step = placeholder(graph, 'step', { dtype: 'float32', shape: [] });
  const updated = update(variable, gradient, slot, step);
  const after = graph.after([updated], () => identity(variable.read()));
  const loaded = await load(graph, {
    signatures: { step: { inputs: { gradient, step }, outputs: { after } } },
    initialize: noOp(graph, initial),
  });
  const values: number[][] = [];
  for (const [index, fed] of gradientsPerStep.entries()) {
    const { after: result } = await loaded.run('step', { gradient: fed, step: [index + 1] });
    values.push([...(result?.values ?? [])]);
  }
  await loaded.dispose();
  return values;
}

/** The same in JavaScript: one element at a time, in float64. */
function simulate(
  slots: readonly number[],
  step: (w: number, g: number, s: number[], t: number) => number,
): number[][] {
  const w = [...start];
  const states = start.map(() => [...slots]);
  return gradientsPerStep.map((gradient, t) => {
    gradient.forEach((g, i) => {
      w[i] = step(w[i] ?? NaN, g, states[i] ?? [], t + 1);
    });
    return [...w];
  });
}

function expectClose(found: number[][], expected: number[][]): void {
  expect(found.length).toBe(expected.length);
  found.flat().forEach((value, index) => expect(value).toBeCloseTo(expected.flat()[index] ?? NaN, 5));
}

describe('an optimizer operation', () => {
  it('moves by the gradient in gradient descent', async () => {
    const found = await optimize((variable, gradient) =>
      resourceApplyGradientDescent(variable, gradient, { learningRate }),
    );
    expectClose(
      found,
      simulate([], (w, g) => w - learningRate * g),
    );
  });

  it.each([false, true])('accumulates gradients in momentum, with Nesterov %s', async (nesterov) => {
    const found = await optimize((variable, gradient, slot) =>
      resourceApplyMomentum(variable, gradient, { accumulator: slot('m', 0), learningRate, momentum: 0.9, nesterov }),
    );
    const expected = simulate([0], (w, g, s) => {
      const m = 0.9 * (s[0] ?? NaN) + g;
      s[0] = m;
      return w - learningRate * (nesterov ? g + 0.9 * m : m);
    });
    expectClose(found, expected);
  });

  it.each([false, true])('accumulates steps in Keras momentum, with Nesterov %s', async (nesterov) => {
    const found = await optimize((variable, gradient, slot) =>
      resourceApplyKerasMomentum(variable, gradient, {
        accumulator: slot('m', 0),
        learningRate,
        momentum: 0.9,
        nesterov,
      }),
    );
    const expected = simulate([0], (w, g, s) => {
      const m = 0.9 * (s[0] ?? NaN) - learningRate * g;
      s[0] = m;
      return w + (nesterov ? 0.9 * m - learningRate * g : m);
    });
    expectClose(found, expected);
  });

  it('scales by the mean square in RMSProp, with epsilon under the root and momentum outside', async () => {
    const found = await optimize((variable, gradient, slot) =>
      resourceApplyRmsProp(variable, gradient, {
        meanSquare: slot('ms', 1),
        momentumAccumulator: slot('mom', 0),
        learningRate,
        decay: 0.9,
        momentum: 0.8,
        epsilon: 0.001,
      }),
    );
    const expected = simulate([1, 0], (w, g, s) => {
      const meanSquare = 0.9 * (s[0] ?? NaN) + 0.1 * g * g;
      const accumulated = 0.8 * (s[1] ?? NaN) + (learningRate * g) / Math.sqrt(meanSquare + 0.001);
      s.splice(0, 2, meanSquare, accumulated);
      return w - accumulated;
    });
    expectClose(found, expected);
  });

  it('corrects the bias of both moments in Adam', async () => {
    const found = await optimize((variable, gradient, slot, step) => {
      const power = (base: number): Tensor => pow(constant(variable.graph, base), step);
      return resourceApplyAdam(variable, gradient, {
        firstMoment: slot('m', 0),
        secondMoment: slot('v', 0),
        learningRate,
        beta1: 0.9,
        beta2: 0.99,
        beta1Power: power(0.9),
        beta2Power: power(0.99),
        epsilon: 1e-7,
      });
    });
    const expected = simulate([0, 0], (w, g, s, t) => {
      const m = 0.9 * (s[0] ?? NaN) + 0.1 * g;
      const v = 0.99 * (s[1] ?? NaN) + 0.01 * g * g;
      s.splice(0, 2, m, v);
      // Adam's step at the corrected moments; the epsilon that TensorFlow adds before the correction is negligible here.
      return w - (learningRate * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.99 ** t)) + 1e-12);
    });
    expectClose(found, expected);
  });

  it('refuses slots, gradients and scalars that do not fit the variable', () => {
    const graph = new Graph();
    const variable = new Variable(graph, { name: 'w', shape: [3] });
    const narrow = constant(graph, [1, 2]);
    expect(() => resourceApplyGradientDescent(variable, narrow, { learningRate })).toThrow(
      "ResourceApplyGradientDescent: slots and gradient must have the variable's type and shape; w is float32[3], the other float32[2]",
    );
    const fits = constant(graph, [1, 2, 3]);
    expect(() => resourceApplyGradientDescent(variable, fits, { learningRate: fits })).toThrow(
      'ResourceApplyGradientDescent: the learning rate must be a float32 scalar; it is float32[3]',
    );
    const accumulator = new Variable(graph, { name: 'slot', shape: [4] });
    expect(() => resourceApplyMomentum(variable, fits, { accumulator, learningRate, momentum: 0.9 })).toThrow(
      'the other float32[4]',
    );
  });
});
