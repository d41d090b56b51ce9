import type { Operand } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary } from './elementwise.ts';

/** Whether a differs from b, as a bool tensor, for corresponding elements of tensors that broadcast. */
export function notEqual(a: Operand, b: Operand): Tensor {
  return binary('NotEqual', a, b, 'bool');
}
