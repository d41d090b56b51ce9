import fc from 'fast-check';

import {
  abs,
  add,
  addN,
  cast,
  cos,
  div,
  exp,
  floor,
  floorMod,
  greater,
  hardSwish,
  identity,
  log,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  relu,
  relu6,
  rsqrt,
  select,
  type Shape,
  sigmoid,
  sin,
  sqrt,
  square,
  sub,
  swish,
  tanh,
  type Tensor,
} from '../../src/index.ts';
import { describeGradients, type GradientCase } from '../differentiation/gradient-check.ts';

const seed = 20190528;
const [unaryShape = []] = fc.sample(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 }), {
  numRuns: 1,
  seed,
});

type Unary = [title: string, build: (x: Tensor) => Tensor, between?: readonly [number, number]];
const unary: Unary[] = [
  ['abs', abs],
  ['cast', (x) => cast(square(cast(x, 'float64')), x.dtype)],
  ['cos', cos],
  ['exp', exp],
  ['hardSwish', hardSwish, [-5, 5]],
  ['identity', identity],
  ['log', log, [0.5, 2]],
  ['neg', neg],
  ['relu', relu],
  ['relu6', relu6, [-3, 9]],
  ['rsqrt', rsqrt, [0.5, 2]],
  ['sigmoid', sigmoid],
  ['sin', sin],
  ['sqrt', sqrt, [0.5, 2]],
  ['square', square],
  ['swish', swish, [-5, 5]],
  ['tanh', tanh],
];

/** Pairs of shapes that broadcast: the same, a size of 1 on either side, an axis that is missing, a scalar. */
const shapePairs: (readonly [Shape, Shape])[] = [
  [
    [2, 3],
    [2, 3],
  ],
  [
    [2, 3, 2, 4],
    [2, 1, 1, 4],
  ],
  [[3], [4, 2, 3]],
  [
    [4, 1, 2],
    [3, 1],
  ],
  [[], [2, 3]],
  ...fc.sample(broadcastingShapes(), { numRuns: 3, seed }),
];

type Binary = [title: string, build: (a: Tensor, b: Tensor) => Tensor, between?: readonly [number, number]];
const binary: Binary[] = [
  ['add', add],
  ['sub', sub],
  ['mul', mul],
  ['div', div, [0.5, 2]],
  ['maximum', maximum],
  ['minimum', minimum],
  ['pow', pow, [0.5, 2]],
  ['floorMod', floorMod, [0.5, 2]],
  ['select', (a, b) => select(greater(sub(a, b), 0.1), a, b)],
];

const cases: GradientCase[] = [
  ...unary.map(([title, build, between]) => ({
    title: `${title} of [${unaryShape.join(',')}]`,
    shapes: [unaryShape],
    build,
    ...(between === undefined ? {} : { between }),
  })),
  ...binary.flatMap(([title, build, between]) =>
    shapePairs.map(([a, b]) => ({
      title: `${title} of [${a.join(',')}] and [${b.join(',')}]`,
      shapes: [a, b],
      build,
      ...(between === undefined ? {} : { between }),
    })),
  ),
  {
    title: 'addN of three tensors',
    shapes: [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
    build: (...tensors) => addN(tensors),
  },
  { title: 'a sum with numbers', shapes: [[2, 3]], build: (x) => sub(2, mul(0.5, add(x, 3))) },
  { title: 'floor beside a path', shapes: [[2, 3]], build: (x) => add(square(x), floor(x)) },
];

/** A shape, and the same with some axes of size 1 and some at the front left out, in either order. */
function broadcastingShapes(): fc.Arbitrary<readonly [Shape, Shape]> {
  return fc
    .record({
      shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      keep: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      dropped: fc.nat({ max: 3 }),
      swap: fc.boolean(),
    })
    .map(({ shape, keep, dropped, swap }) => {
      const small = shape.map((size, axis) => (keep[axis] === true ? size : 1)).slice(Math.min(dropped, shape.length));
      return swap ? [small, shape] : [shape, small];
    });
}

describeGradients('the gradient of an elementwise operation', cases);
