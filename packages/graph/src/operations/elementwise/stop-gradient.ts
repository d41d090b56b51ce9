import type { Tensor } from '../../graph/operation.ts';

/** The same value, through which no gradient flows. */
export function stopGradient(x: Tensor): Tensor {
  return x.graph.addTensor({
    type: 'StopGradient',
    inputs: [x],
    attributes: { T: { type: x.dtype } },
    outputs: [{ dtype: x.dtype, shape: x.shape }],
  });
}
