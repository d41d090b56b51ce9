import type { Operand } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary } from './elementwise.ts';

/** floor(a / b) for corresponding elements; shapes broadcast. Its gradient is 0. */
export function floorDiv(a: Operand, b: Operand): Tensor {
  return binary('FloorDiv', a, b);
}
