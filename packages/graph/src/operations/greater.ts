import { binary } from '../elementwise.ts';
import type { Operand } from '../operand.ts';
import type { Tensor } from '../operation.ts';

/** Whether a is above b, as a bool tensor, for corresponding elements of tensors that broadcast. */
export function greater(a: Operand, b: Operand): Tensor {
  return binary('Greater', a, b, 'bool');
}
