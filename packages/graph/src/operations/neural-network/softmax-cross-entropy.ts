import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { GraphError } from '../../graph/graph-error.ts';
import { checkSameType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { checkRank, formatShape, sameShape } from '../../graph/shape.ts';
import { reshape } from '../array/reshape.ts';
import { checkFloating } from '../elementwise/elementwise.ts';
import { mul } from '../elementwise/mul.ts';
import { neg } from '../elementwise/neg.ts';
import { logSoftmax } from './log-softmax.ts';

const type = 'SoftmaxCrossEntropyWithLogits';

/** Cross entropy of softmax(logits) against label distributions, both `[batch, classes]`, giving `[batch]`. */
export function softmaxCrossEntropyWithLogits(logits: Tensor, labels: Tensor): Tensor {
  checkFloating(type, logits);
  checkSameType(type, logits, labels);
  checkRank(type, 'the logits', logits.shape, 2);
  if (!sameShape(logits.shape, labels.shape)) {
    const shapes = `${formatShape(logits.shape)} and ${formatShape(labels.shape)}`;
    throw new GraphError(type, `logits and labels must have one shape; they are ${shapes}`);
  }
  return logits.graph
    .add({
      type,
      inputs: [logits, labels],
      attributes: { T: { type: logits.dtype } },
      outputs: [
        { dtype: logits.dtype, shape: logits.shape.slice(0, 1) },
        { dtype: logits.dtype, shape: logits.shape },
      ],
    })
    .output();
}

/** The forward pass computes softmax - labels as its second output; the labels' gradient is -dy log(softmax). */
export const softmaxCrossEntropyGradient: GradientRule = (step) => {
  const column = () => reshape(step.gradient, [-1, 1]);
  return [() => mul(column(), step.output(1)), () => neg(mul(column(), logSoftmax(step.input(0))))];
};
