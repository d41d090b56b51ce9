import type { Operand } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary } from './elementwise.ts';

/** Whether a is at least b, as a bool tensor, for corresponding elements of tensors that broadcast. */
export function greaterEqual(a: Operand, b: Operand): Tensor {
  return binary('GreaterEqual', a, b, 'bool');
}
