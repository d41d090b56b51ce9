import { describe, expect, it } from 'vitest';

import { seedsToTransfer } from '../../src/transfer/start-transfer.ts';

describe('the seeds of a transfer', () => {
  const seeds = Array.from({ length: 32 }, (_, index) => index + 1);

  it('are those that all rows of a full grid have been trained with', () => {
    expect(seedsToTransfer([7, 3, 5], [3, 3, 3, 3])).toEqual([7, 3, 5]);
    expect(seedsToTransfer([7], [1, 1, 1])).toEqual([7]);
  });

  it('are after a race as many as half of the rows have been trained with, however many the leaders took', () => {
    expect(seedsToTransfer(seeds, [28, 26, 9, 4, 3, 2, 1, 1])).toEqual([1, 2, 3, 4]);
    expect(seedsToTransfer(seeds, [5, 4, 3])).toEqual([1, 2, 3, 4]);
  });

  it('are two at least, since one says nothing about chance', () => {
    expect(seedsToTransfer(seeds, [12, 1, 1, 1, 1])).toEqual([1, 2]);
  });
});
