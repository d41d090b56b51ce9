import { beforeAll, describe, expect, it } from 'vitest';

import {
  abs,
  add,
  cast,
  constant,
  div,
  type DType,
  gradients,
  Graph,
  max,
  mul,
  neg,
  pack,
  placeholder,
  type Shape,
  sizeOf,
  statelessRandomNormal,
  sub,
  sum,
  type Tensor,
} from '../../src/index.ts';
import { type Feeds, load } from '../tensorflow.ts';

/** A function of tensors whose gradients are to be checked. */
export interface GradientCase {
  readonly title: string;
  /** Shapes of the inputs. */
  readonly shapes: readonly Shape[];
  /** The values fed lie evenly spread between these, shuffled. @defaultValue [-2, 2] */
  readonly between?: readonly [number, number];
  readonly build: (...inputs: Tensor[]) => Tensor;
  /**
   * The same function out of operations that TensorFlow has in float64, where it has the operation itself in float32
   * only. Differences are taken from this one, and the operation's results and gradients compared with its own.
   */
  readonly reference?: (...inputs: Tensor[]) => Tensor;
  /** Inputs that no gradient is asked for. */
  readonly constants?: readonly number[];
}

/** What a check found; errors are relative to the size of what is compared. */
interface GradientReport {
  /** Gradients in float64 against central differences along random directions: the largest error over all inputs. */
  readonly differences: number;
  /** The smallest size of what was compared there; 0 would mean that nothing was tested. */
  readonly magnitude: number;
  /** Result in float32 against float64. */
  readonly value: number;
  /** Gradients in float32 against float64: the largest error over all inputs. */
  readonly float32: number;
  /** Nodes of the forward and backward pass whose real shape differs from the inferred one. */
  readonly wrongShapes: readonly string[];
}

const directions = 2;
const step = 1e-5;

/** Tests that every function's gradients are right. All of them are in one graph, which runs once. */
export function describeGradients(title: string, cases: readonly GradientCase[]): void {
  describe(title, () => {
    let reports: ReadonlyMap<string, GradientReport>;
    beforeAll(async () => {
      reports = await checkGradients(cases);
    });
    it.each(cases.map((gradientCase) => gradientCase.title))('%s', (caseTitle) => {
      const report = reports.get(caseTitle);
      expect(report?.wrongShapes).toEqual([]);
      expect(report?.magnitude).toBeGreaterThan(1e-3);
      expect(report?.differences).toBeLessThan(1e-6);
      expect(report?.value).toBeLessThan(1e-5);
      expect(report?.float32).toBeLessThan(1e-5);
    });
  });
}

/** Runs the checks and reports what they found, by title. */
export async function checkGradients(cases: readonly GradientCase[]): Promise<ReadonlyMap<string, GradientReport>> {
  const graph = new Graph();
  const checks = cases.map((gradientCase, index) => graph.scope(`case${index}`, () => addCheck(graph, gradientCase)));
  const inputs = Object.assign({}, ...checks.map((check) => check.inputs)) as Record<string, Tensor>;
  const shaped = checks.flatMap(({ tensors }, index) =>
    tensors.filter(({ isReserveSpace }) => !isReserveSpace).map((tensor) => ({ tensor, index })),
  );
  const loaded = await load(graph, {
    signatures: {
      errors: { inputs, outputs: { errors: pack(checks.map(({ errors }) => errors)) } },
      shapes: { inputs, outputs: Object.fromEntries(shaped.map(({ tensor }, at) => [`t${at}`, fetchable(tensor)])) },
    },
  });
  const feeds = Object.assign({}, ...checks.map((check) => check.feeds)) as Feeds;
  const { errors } = await loaded.run('errors', feeds);
  const real = await loaded.run('shapes', feeds);

  await loaded.dispose();
  const wrongShapes = shaped.flatMap(({ tensor, index }, at) => {
    const found = real[`t${at}`]?.shape.join(',');
    return found === tensor.shape.join(',')
      ? []
      : [{ index, text: `${tensor.node.type} ${tensor.node.name}: ${String(found)}` }];
  });
  return new Map(
    cases.map(({ title }, index) => {
      const [differences = NaN, magnitude = NaN, value = NaN, float32 = NaN] = errors?.values.slice(index * 4) ?? [];
      const wrong = wrongShapes.filter((shape) => shape.index === index).map(({ text }) => text);
      return [title, { differences, magnitude, value, float32, wrongShapes: wrong }];
    }),
  );
}

interface Check {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly feeds: Feeds;
  /** Differences, magnitude, value and float32, as a report has them. */
  readonly errors: Tensor;
  /** All of the forward and backward pass in float32. */
  readonly tensors: readonly Tensor[];
}

function addCheck(graph: Graph, gradientCase: GradientCase): Check {
  const { shapes, build, reference = build, constants = [] } = gradientCase;
  const inputs = shapes.map((shape) => placeholder(graph, 'x', { dtype: 'float32', shape }));
  const differentiated = inputs.flatMap((_, at) => (constants.includes(at) ? [] : [at]));
  const first = graph.operations.length;
  const single = differentiate(build, inputs, differentiated);
  const tensors = graph.operations.slice(first).flatMap(({ outputs }) => outputs);
  const double = differentiate(
    reference,
    inputs.map((x) => cast(x, 'float64')),
    differentiated,
  );
  const found = differentiated.flatMap((at, position) => {
    return Array.from({ length: directions }, (_, d) => {
      return compare({ double, at, gradient: pick(double.gradients, position), reference, seed: [at, d] });
    });
  });
  const errors = pack([
    max(pack(found.map(({ error }) => error))),
    neg(max(neg(pack(found.map(({ magnitude }) => magnitude))))),
    relativeError(single.y, double.y),
    max(pack(single.gradients.map((gradient, at) => relativeError(gradient, pick(double.gradients, at))))),
  ]);
  const named = inputs.map((x) => [x.node.name, x] as const);
  return {
    inputs: Object.fromEntries(named),
    feeds: feedsFor(named, gradientCase),
    errors: cast(errors, 'float32'),
    tensors,
  };
}

function feedsFor(
  inputs: readonly (readonly [string, Tensor])[],
  { between: [low, high] = [-2, 2] }: GradientCase,
): Feeds {
  return Object.fromEntries(
    inputs.map(([name, { shape }], at) => {
      const random = generator(at + 1);
      const size = sizeOf(shape);
      // Evenly spread values lie apart from each other, so that no step crosses a kink between two of them.
      const values = Array.from({ length: size }, (_, i) => low + ((high - low) * (i + 0.3 + 0.4 * random())) / size);
      return [name, shuffle(values, random)];
    }),
  );
}

interface Differentiated {
  readonly inputs: readonly Tensor[];
  readonly y: Tensor;
  readonly weights: Tensor;
  readonly gradients: readonly Tensor[];
}

function differentiate(
  build: GradientCase['build'],
  inputs: readonly Tensor[],
  differentiated: readonly number[],
): Differentiated {
  const y = build(...inputs);
  const weights = noise(y.graph, [7, 7], y.shape, y.dtype);
  const loss = sum(mul(y, weights));
  return {
    inputs,
    y,
    weights,
    gradients: gradients(
      loss,
      differentiated.map((at) => pick(inputs, at)),
    ),
  };
}

interface Comparison {
  readonly double: Differentiated;
  readonly at: number;
  readonly gradient: Tensor;
  readonly reference: GradientCase['build'];
  readonly seed: readonly number[];
}

/** A gradient's component along a random direction against the central difference of the loss. */
function compare({ double, at, gradient, reference, seed }: Comparison): { error: Tensor; magnitude: Tensor } {
  const x = pick(double.inputs, at);
  const direction = noise(x.graph, seed, x.shape, x.dtype);
  const lossAt = (distance: number): Tensor => {
    const moved = double.inputs.map((input, other) => (other === at ? add(x, mul(direction, distance)) : input));
    return sum(mul(reference(...moved), double.weights));
  };
  const numeric = div(sub(lossAt(step), lossAt(-step)), 2 * step);
  const terms = mul(gradient, direction);
  const magnitude = sum(abs(terms));
  return { error: div(abs(sub(sum(terms), numeric)), add(magnitude, 1e-30)), magnitude };
}

/** The largest difference of two tensors over the largest element of the second, in float64. */
function relativeError(tensor: Tensor, exact: Tensor): Tensor {
  return div(max(abs(sub(cast(tensor, 'float64'), exact))), add(max(abs(exact)), 1e-30));
}

// Drawn in float32 for both types, so that both see the same numbers.
function noise(graph: Graph, seed: readonly number[], shape: Shape, dtype: DType): Tensor {
  return cast(statelessRandomNormal(constant(graph, seed, { dtype: 'int32' }), { shape }), dtype);
}

// TensorFlow.js has no float64.
function fetchable(tensor: Tensor): Tensor {
  return tensor.dtype === 'float64' ? cast(tensor, 'float32') : tensor;
}

function pick(tensors: readonly Tensor[], index: number): Tensor {
  const tensor = tensors[index];
  if (tensor === undefined) throw new Error(`there is no tensor ${index}`);
  return tensor;
}

/** Park and Miller's generator: the same numbers in every run. */
function generator(seed: number): () => number {
  let state = seed * 7919 + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

function shuffle(values: readonly number[], random: () => number): number[] {
  return values
    .map((value) => ({ value, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}
