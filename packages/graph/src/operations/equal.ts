import { binary } from '../elementwise.ts';
import type { Operand } from '../operand.ts';
import type { Tensor } from '../operation.ts';

/** Whether a equals b, as a bool tensor, for corresponding elements of tensors that broadcast. */
export function equal(a: Operand, b: Operand): Tensor {
  return binary('Equal', a, b, 'bool');
}
