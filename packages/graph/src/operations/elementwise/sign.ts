import type { Tensor } from '../../graph/operation.ts';
import { unary } from './elementwise.ts';

/** -1, 0 or 1 as every element is below, equal to or above 0. Its gradient is 0. */
export function sign(x: Tensor): Tensor {
  return unary('Sign', x);
}
