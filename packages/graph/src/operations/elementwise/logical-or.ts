import { checkType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { broadcastShapes } from '../../graph/shape.ts';

/** a or b for corresponding elements of two bool tensors, which broadcast. */
export function logicalOr(a: Tensor, b: Tensor): Tensor {
  checkType('LogicalOr', 'a', a, ['bool']);
  checkType('LogicalOr', 'b', b, ['bool']);
  const shape = broadcastShapes('LogicalOr', a.shape, b.shape);
  return a.graph.addTensor({ type: 'LogicalOr', inputs: [a, b], outputs: [{ dtype: 'bool', shape }] });
}
