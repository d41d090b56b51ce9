import { GraphError } from '../../graph/graph-error.ts';
import { checkSameType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { checkRank, formatShape, sizeAt } from '../../graph/shape.ts';
import { checkFloating } from '../elementwise/elementwise.ts';

const type = 'BatchMatMulV2';

/** The products of pairs of matrices, `[batch, rows, inner]` times `[batch, inner, columns]`. Not differentiable. */
export function batchMatMul(a: Tensor, b: Tensor): Tensor {
  checkFloating(type, a);
  checkSameType(type, a, b);
  checkRank(type, 'a', a.shape, 3);
  checkRank(type, 'b', b.shape, 3);
  if (a.shape[0] !== b.shape[0] || a.shape[2] !== b.shape[1]) {
    const shapes = `${formatShape(a.shape)} and ${formatShape(b.shape)}`;
    throw new GraphError(type, `batch and inner sizes must be equal; the shapes are ${shapes}`);
  }
  const shape = [sizeAt(type, a.shape, 0), sizeAt(type, a.shape, 1), sizeAt(type, b.shape, 2)];
  return a.graph.addTensor({
    type,
    inputs: [a, b],
    attributes: { T: { type: a.dtype }, adj_x: { bool: false }, adj_y: { bool: false } },
    outputs: [{ dtype: a.dtype, shape }],
  });
}
