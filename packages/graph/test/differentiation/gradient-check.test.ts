import { describe, expect, it } from 'vitest';

import { addN, mul, type Tensor } from '../../src/index.ts';
import { checkGradients } from './gradient-check.ts';

/** Squares, but claims to be differentiated as the identity. */
function mislabelled(x: Tensor): Tensor {
  return x.graph.addTensor({
    type: 'Mul',
    inputs: [x, x],
    attributes: { T: { type: x.dtype } },
    outputs: [{ dtype: x.dtype, shape: x.shape }],
    composite: { type: 'Identity', inputs: [x], saved: [] },
  });
}

/** Doubles, but claims that the result has another shape. */
function misshapen(x: Tensor): Tensor {
  const claimed = x.graph.addTensor({
    type: 'AddN',
    inputs: [x, x],
    attributes: { N: { int: 2 }, T: { type: x.dtype } },
    outputs: [{ dtype: x.dtype, shape: [] }],
  });
  return mul(claimed, 1);
}

describe('the check of gradients', () => {
  it('finds a wrong gradient, a wrong value and a wrong shape', async () => {
    const reports = await checkGradients([
      { title: 'right', shapes: [[3]], build: (x) => mul(x, x) },
      { title: 'wrong gradient', shapes: [[3]], build: mislabelled },
      { title: 'wrong value', shapes: [[3]], build: (x) => addN([x, x]), reference: (x) => mul(x, 2.001) },
      { title: 'wrong shape', shapes: [[3]], build: misshapen, reference: (x) => mul(x, 2) },
    ]);
    expect(reports.get('right')?.differences).toBeLessThan(1e-6);
    expect(reports.get('wrong gradient')?.differences).toBeGreaterThan(0.01);
    expect(reports.get('wrong value')?.value).toBeGreaterThan(1e-4);
    expect(reports.get('wrong value')?.float32).toBeGreaterThan(1e-4);
    expect(reports.get('right')?.wrongShapes).toEqual([]);
    expect(reports.get('wrong shape')?.wrongShapes).toContain('AddN case3/AddN: 3');
  });
});
