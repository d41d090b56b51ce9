import type { Tensor } from '../../graph/operation.ts';
import { unaryFloating } from './elementwise.ts';

/** The largest integer not above every element, as a floating-point number. Its gradient is 0. */
export function floor(x: Tensor): Tensor {
  return unaryFloating('Floor', x);
}
