import { checkFloating } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import { GraphError } from '../graph-error.ts';
import { checkSameType } from '../operand.ts';
import type { Tensor } from '../operation.ts';
import { checkRank, formatShape, sameShape } from '../shape.ts';
import { logSoftmax } from './log-softmax.ts';
import { mul } from './mul.ts';
import { neg } from './neg.ts';
import { reshape } from './reshape.ts';

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
