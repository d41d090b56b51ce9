import { binary } from '../elementwise.ts';
import type { Operand } from '../operand.ts';
import type { Tensor } from '../operation.ts';

/** Whether a differs from b, as a bool tensor, for corresponding elements of tensors that broadcast. */
export function notEqual(a: Operand, b: Operand): Tensor {
  return binary('NotEqual', a, b, 'bool');
}
