import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { DType } from '../../graph/dtype.ts';
import type { Tensor } from '../../graph/operation.ts';

/** The tensor in another type; the tensor itself where it already has that type. Floats are cut towards 0. */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  return x.graph.addTensor({
    type: 'Cast',
    inputs: [x],
    attributes: { SrcT: { type: x.dtype }, DstT: { type: dtype } },
    outputs: [{ dtype, shape: x.shape }],
  });
}

/** dx = dy in the type of x. */
export const castGradient: GradientRule = (step) => [() => cast(step.gradient, step.input(0).dtype)];
