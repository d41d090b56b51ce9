import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { checkType, type Operand, toTensors } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { broadcastShapes } from '../../graph/shape.ts';
import { unbroadcast } from './unbroadcast.ts';

/** a where the bool tensor `condition` is true, else b; all three broadcast. */
export function select(condition: Tensor, a: Operand, b: Operand): Tensor {
  checkType('SelectV2', 'the condition', condition, ['bool']);
  const [x, y] = toTensors('SelectV2', a, b);
  const shape = broadcastShapes('SelectV2', condition.shape, broadcastShapes('SelectV2', x.shape, y.shape));
  return condition.graph.addTensor({
    type: 'SelectV2',
    inputs: [condition, x, y],
    attributes: { T: { type: x.dtype } },
    outputs: [{ dtype: x.dtype, shape }],
  });
}

/** dy goes to the operand that was taken. */
export const selectGradient: GradientRule = (step) => [
  undefined,
  () => unbroadcast(select(step.input(0), step.gradient, 0), step.input(1).shape),
  () => unbroadcast(select(step.input(0), 0, step.gradient), step.input(2).shape),
];
