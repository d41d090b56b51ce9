import { checkType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { broadcastShapes } from '../../graph/shape.ts';

/** a and b for corresponding elements of two bool tensors, which broadcast. */
export function logicalAnd(a: Tensor, b: Tensor): Tensor {
  checkType('LogicalAnd', 'a', a, ['bool']);
  checkType('LogicalAnd', 'b', b, ['bool']);
  const shape = broadcastShapes('LogicalAnd', a.shape, b.shape);
  return a.graph.addTensor({ type: 'LogicalAnd', inputs: [a, b], outputs: [{ dtype: 'bool', shape }] });
}
