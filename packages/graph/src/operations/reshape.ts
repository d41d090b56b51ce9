import type { GradientRule } from '../gradient-rule.ts';
import { GraphError } from '../graph-error.ts';
import type { Tensor } from '../operation.ts';
import { formatShape, sameShape, type Shape, sizeOf } from '../shape.ts';
import { constant } from './constant.ts';

/** The same elements in another shape; one size may be -1 and follows from the others. */
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
  const known = sizeOf(to.filter((size) => size !== -1));
  const unknown = to.filter((size) => size === -1).length;
  const resolved = unknown === 1 && known > 0 ? to.map((size) => (size === -1 ? sizeOf(from) / known : size)) : to;
  if (resolved.some((size) => !Number.isInteger(size) || size < 0) || sizeOf(resolved) !== sizeOf(from)) {
    throw new GraphError('Reshape', `the element count must stay; from ${formatShape(from)} to ${formatShape(to)}`);
  }
  return resolved;
}
