import type { Tensor } from '../../graph/operation.ts';
import { normalizeAxis } from '../../graph/shape.ts';
import { constant } from './constant.ts';

/** Sums of all elements up to and including each one along an axis; without that element where `exclusive`. Not differentiable. */
export function cumsum(x: Tensor, axis: number, options: { readonly exclusive?: boolean } = {}): Tensor {
  const along = normalizeAxis('Cumsum', axis, x.shape);
  return x.graph.addTensor({
    type: 'Cumsum',
    inputs: [x, constant(x.graph, along, { dtype: 'int32' })],
    attributes: {
      T: { type: x.dtype },
      Tidx: { type: 'int32' },
      exclusive: { bool: options.exclusive ?? false },
      reverse: { bool: false },
    },
    outputs: [{ dtype: x.dtype, shape: x.shape }],
  });
}
