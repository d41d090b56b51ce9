import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { GraphError } from '../../graph/graph-error.ts';
import type { Tensor } from '../../graph/operation.ts';
import { broadcastShapes, formatShape, sameShape, type Shape } from '../../graph/shape.ts';
import { unbroadcast } from '../elementwise/unbroadcast.ts';
import { constant } from './constant.ts';

/** Copies of x along the axes where it has size 1 or that it lacks at the front. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes('BroadcastTo', x.shape, shape), shape)) {
    throw new GraphError('BroadcastTo', `${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}`);
  }
  return x.graph.addTensor({
    type: 'BroadcastTo',
    inputs: [x, constant(x.graph, shape, { dtype: 'int32' })],
    attributes: { T: { type: x.dtype }, Tidx: { type: 'int32' } },
    outputs: [{ dtype: x.dtype, shape }],
  });
}

/** dx is dy summed over the copies. */
export const broadcastToGradient: GradientRule = (step) => [
  () => unbroadcast(step.gradient, step.input(0).shape),
  undefined,
];
