import type { Operand } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary } from './elementwise.ts';

/** Whether a equals b, as a bool tensor, for corresponding elements of tensors that broadcast. */
export function equal(a: Operand, b: Operand): Tensor {
  return binary('Equal', a, b, 'bool');
}
