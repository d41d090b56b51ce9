import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { GraphError } from '../../graph/graph-error.ts';
import { checkSameType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { formatShape, sameShape } from '../../graph/shape.ts';

/** x `[..., channels]` plus a bias `[channels]`. */
export function biasAdd(x: Tensor, bias: Tensor): Tensor {
  checkSameType('BiasAdd', x, bias);
  if (x.shape.length < 2 || !sameShape(bias.shape, x.shape.slice(-1))) {
    const shapes = `${formatShape(bias.shape)} for ${formatShape(x.shape)}`;
    throw new GraphError(
      'BiasAdd',
      `the bias must have the size of the last axis of a tensor of rank 2 or more; it is ${shapes}`,
    );
  }
  return x.graph.addTensor({
    type: 'BiasAdd',
    inputs: [x, bias],
    attributes: { T: { type: x.dtype }, data_format: { string: 'NHWC' } },
    outputs: [{ dtype: x.dtype, shape: x.shape }],
  });
}

/** dx = dy; the bias' gradient is dy summed over all but the last axis. */
export const biasAddGradient: GradientRule = (step) => [
  () => step.gradient,
  () =>
    step.gradient.graph.addTensor({
      type: 'BiasAddGrad',
      inputs: [step.gradient],
      attributes: { T: { type: step.gradient.dtype }, data_format: { string: 'NHWC' } },
      outputs: [{ dtype: step.gradient.dtype, shape: step.input(1).shape }],
    }),
];
