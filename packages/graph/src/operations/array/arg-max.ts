import type { Tensor } from '../../graph/operation.ts';
import { normalizeAxis } from '../../graph/shape.ts';
import { constant } from './constant.ts';

/** The int32 index of the largest element along an axis, the first where several are the largest. */
export function argMax(x: Tensor, axis = -1): Tensor {
  const along = normalizeAxis('ArgMax', axis, x.shape);
  return x.graph.addTensor({
    type: 'ArgMax',
    inputs: [x, constant(x.graph, along, { dtype: 'int32' })],
    attributes: { T: { type: x.dtype }, Tidx: { type: 'int32' }, output_type: { type: 'int32' } },
    outputs: [{ dtype: 'int32', shape: x.shape.filter((_, at) => at !== along) }],
  });
}
