import type { Decision } from '@compound-search/contracts';

import type { AllocationRequest } from './request.ts';

/** Every candidate with every seed, seed by seed, so that all candidates have a first result before any has a second. */
export function openFull({ seeds, candidates }: AllocationRequest): Decision[] {
  const assignments = seeds.flatMap((seed) =>
    candidates.map(({ fingerprint }) => ({ fingerprint, seed, epochs: null })),
  );
  return [
    {
      round: 1,
      assignments,
      drops: [],
      stop: null,
      evidence: { leader: null, probabilityBest: null, probabilityIndifferent: null },
    },
  ];
}
