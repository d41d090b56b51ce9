import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { add } from './add.ts';
import { binary } from './elementwise.ts';
import { mul } from './mul.ts';
import { relu6 } from './relu6.ts';

/** x min(max(x + 3, 0), 6) / 6 of every element, differentiated as one function (Howard et al., 2019, section 5.2). */
export function hardSwish(x: Tensor): Tensor {
  const gate = relu6(add(x, 3));
  const scaled = mul(gate, 1 / 6);
  return x.graph.addTensor({
    type: 'Mul',
    name: 'HardSwish',
    inputs: [x, scaled],
    attributes: { T: { type: x.dtype } },
    outputs: [{ dtype: x.dtype, shape: x.shape }],
    composite: { type: 'HardSwish', inputs: [x], saved: [gate] },
  });
}

/** dx = dy (gate + x where the gate lies between 0 and 6) / 6. */
export const hardSwishGradient: GradientRule = (step) => [
  () => {
    const [x, gate] = [step.input(0), step.saved(0)];
    return mul(step.gradient, mul(add(gate, binary('Relu6Grad', x, gate)), 1 / 6));
  },
];
