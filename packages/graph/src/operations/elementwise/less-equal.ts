import type { Operand } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary } from './elementwise.ts';

/** Whether a is at most b, as a bool tensor, for corresponding elements of tensors that broadcast. */
export function lessEqual(a: Operand, b: Operand): Tensor {
  return binary('LessEqual', a, b, 'bool');
}
