import type { Operand } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary } from './elementwise.ts';

/** Whether a is above b, as a bool tensor, for corresponding elements of tensors that broadcast. */
export function greater(a: Operand, b: Operand): Tensor {
  return binary('Greater', a, b, 'bool');
}
