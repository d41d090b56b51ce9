import { checkType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';

/** Not x for every element of a bool tensor. */
export function logicalNot(x: Tensor): Tensor {
  checkType('LogicalNot', 'x', x, ['bool']);
  return x.graph.addTensor({ type: 'LogicalNot', inputs: [x], outputs: [{ dtype: 'bool', shape: x.shape }] });
}
