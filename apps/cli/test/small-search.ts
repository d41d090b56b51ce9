import type { SearchRequestInput } from '@compound-search/contracts';

/** One candidate, trained for seconds. */
export const smallSearch = {
  name: 'small',
  baseline: 'efficientnet-micro',
  dataset: 'shapes',
  grid: { alpha: [1.2], beta: [1.1], gamma: [1.15] },
  seeds: [1],
  strategy: 'full',
  split: { trainImages: 320, validationImages: 100 },
  recipe: { epochs: 1 },
  // Trained anew by every test that posts it.
  reuse: false,
} satisfies SearchRequestInput;
