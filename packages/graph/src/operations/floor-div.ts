import { binary } from '../elementwise.ts';
import type { Operand } from '../operand.ts';
import type { Tensor } from '../operation.ts';

/** floor(a / b) for corresponding elements; shapes broadcast. Its gradient is 0. */
export function floorDiv(a: Operand, b: Operand): Tensor {
  return binary('FloorDiv', a, b);
}
