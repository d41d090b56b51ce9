import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { samePadding } from '../../src/index.ts';
import { measure } from '../measure.ts';

describe('SAME padding', () => {
  it.each([
    [56, 5, 2, { before: 1, after: 2 }],
    [112, 3, 2, { before: 0, after: 1 }],
    [113, 3, 2, { before: 1, after: 1 }],
    [224, 7, 2, { before: 2, after: 3 }],
    [5, 1, 2, { before: 0, after: 0 }],
  ])('of a map of %d with kernel %d at stride %d is %j (EfficientNet-PyTorch issue 177)', (...row) => {
    const [size, kernel, stride, expected] = row;
    expect(samePadding(size, kernel, stride)).toEqual(expected);
  });

  it('is just what the kernel needs to give ceil(size / stride) positions', () => {
    const size = fc.integer({ min: 1, max: 600 });
    const small = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(size, small, small, (extent, kernel, stride) => {
        const { before, after } = samePadding(extent, kernel, stride);
        const positions = Math.floor((extent + before + after - kernel) / stride) + 1;
        expect(positions).toBe(Math.ceil(extent / stride));
        expect(after - before === 0 || after - before === 1).toBe(true);
      }),
    );
  });
});

describe('maps of EfficientNet-B0', () => {
  it('are 112, 112, 56, 28, 14, 14, 7, 7: strides 1, 2, 2, 2, 1, 2, 1 (tensorflow/tpu 383)', () => {
    const { network } = measure('efficientnet-b0');
    const sides = [1, 2, 3, 4, 5, 6, 7].map(
      (stage) => network.layers.findLast((layer) => layer.name.startsWith(`stage${stage}/`))?.outputShape.spatial[0],
    );
    expect(network.layers[0]?.outputShape.spatial).toEqual([112, 112]);
    expect(sides).toEqual([112, 56, 28, 14, 14, 7, 7]);
  });

  it('halve five times, not seven (EfficientDet issue 92)', () => {
    expect(measure('efficientnet-b0').cost.outputStride).toEqual([32, 32]);
  });
});
