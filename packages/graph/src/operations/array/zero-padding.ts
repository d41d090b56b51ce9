import type { Tensor } from '../../graph/operation.ts';
import type { Shape } from '../../graph/shape.ts';

/** x with as many zeros around it as the int32 tensor `paddings` `[rank, 2]` says; `shape` is the result's. */
export function zeroPadding(x: Tensor, paddings: Tensor, shape: Shape): Tensor {
  return x.graph.addTensor({
    type: 'Pad',
    inputs: [x, paddings],
    attributes: { T: { type: x.dtype }, Tpaddings: { type: 'int32' } },
    outputs: [{ dtype: x.dtype, shape }],
  });
}
