import type { GridRequest, SearchRequestInput } from '@compound-search/contracts';

export const sampleGrid: GridRequest = {
  alpha: { from: 1, to: 1.4, step: 0.2 },
  beta: { from: 1, to: 1.2, step: 0.1 },
  gamma: [1, 1.15, 1.3],
};

/**
 * A search of a few candidates, each trained with both seeds; the axis values were chosen so that several points meet the
 * constraint.
 */
export function sampleRequest(changes: Partial<SearchRequestInput> = {}): SearchRequestInput {
  return {
    baseline: 'efficientnet-micro',
    dataset: 'shapes',
    grid: sampleGrid,
    strategy: 'full',
    split: { trainImages: 100, validationImages: 50 },
    ...changes,
  };
}
