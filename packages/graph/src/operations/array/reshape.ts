import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { GraphError } from '../../graph/graph-error.ts';
import type { Tensor } from '../../graph/operation.ts';
import { formatShape, isKnown, sameShape, type Shape, sizeOf, unknownSize } from '../../graph/shape.ts';
import { constant } from './constant.ts';

/**
 * The same elements in another shape; one size may be -1 and follows from the others. Where the batch is unknown, one
 * size must be -1, and TensorFlow checks the count as the graph runs.
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const resolved = resolveShape(x.shape, shape);
  if (sameShape(resolved, x.shape)) return x;
  return x.graph.addTensor({
    type: 'Reshape',
    inputs: [x, constant(x.graph, resolved, { dtype: 'int32' })],
    attributes: { T: { type: x.dtype }, Tshape: { type: 'int32' } },
    outputs: [{ dtype: x.dtype, shape: resolved }],
  });
}

/** dx = dy in the shape of x. */
export const reshapeGradient: GradientRule = (step) => [() => reshape(step.gradient, step.input(0).shape), undefined];

function resolveShape(from: Shape, to: Shape): Shape {
  if (!isKnown(from)) return resolveUnknown(from, to);
  const known = sizeOf(to.filter((size) => size !== -1));
  const unknown = to.filter((size) => size === -1).length;
  const resolved = unknown === 1 && known > 0 ? to.map((size) => (size === -1 ? sizeOf(from) / known : size)) : to;
  if (resolved.some((size) => !Number.isInteger(size) || size < 0) || sizeOf(resolved) !== sizeOf(from)) {
    throw new GraphError('Reshape', `the element count must stay; from ${formatShape(from)} to ${formatShape(to)}`);
  }
  return resolved;
}

function resolveUnknown(from: Shape, to: Shape): Shape {
  const [before, after] = [from, to].map((shape) => sizeOf(shape.filter((size) => size !== unknownSize)));
  const open = to.filter((size) => size === unknownSize).length;
  if (before === undefined || after === undefined || open !== 1 || (before % after !== 0 && after % before !== 0)) {
    const shapes = `from ${formatShape(from)} to ${formatShape(to)}`;
    throw new GraphError('Reshape', `an unknown batch must stay as one unknown size that can hold it; ${shapes}`);
  }
  return to;
}
