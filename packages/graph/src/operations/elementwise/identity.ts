import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';

/** The same value, under a name or after other operations ({@link Graph.after}). */
export function identity(x: Tensor, name?: string): Tensor {
  return x.graph.addTensor({
    type: 'Identity',
    inputs: [x],
    attributes: { T: { type: x.dtype } },
    outputs: [{ dtype: x.dtype, shape: x.shape }],
    ...(name === undefined ? {} : { name }),
  });
}

/** dx = dy. */
export const identityGradient: GradientRule = (step) => [() => step.gradient];
