import type { Tensor } from '../../graph/operation.ts';
import { sameShape, type Shape } from '../../graph/shape.ts';
import { reshape } from '../array/reshape.ts';
import { sum } from '../array/sum.ts';

/** The gradient with respect to a tensor of `shape` that was broadcast to the gradient's shape: sums over the copies. */
export function unbroadcast(gradient: Tensor, shape: Shape): Tensor {
  if (sameShape(gradient.shape, shape)) return gradient;
  const added = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((size, axis) => {
    return axis < added || (shape[axis - added] === 1 && size !== 1) ? [axis] : [];
  });
  const keepDims = added === 0;
  return reshape(sum(gradient, { axes, keepDims }), shape);
}
