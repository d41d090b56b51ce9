import type { Decision } from '@compound-search/contracts';

import { openFull } from './full.ts';
import type { AllocationRequest, AssignedTraining } from './request.ts';

/** The decisions that need no results, from round 1 on: at least one. Their trainings can all be queued at once. */
export function openingDecisions(request: AllocationRequest): Decision[] {
  switch (request.strategy.kind) {
    case 'full':
    case 'racing':
    case 'halving':
      return openFull(request);
  }
}

/**
 * The decision of a round after the opening ones, from all assignments of the rounds before. Outcomes of round `round` - 1
 * are left out of account even where they are known, since they are known by chance.
 */
export function decideNext(request: AllocationRequest, round: number, assigned: readonly AssignedTraining[]): Decision {
  if (assigned.length < request.candidates.length) throw new RangeError(`Round ${round} comes after the opening ones.`);
  return {
    round,
    assignments: [],
    drops: [],
    stop: 'exhausted',
    evidence: { leader: null, probabilityBest: null, probabilityIndifferent: null },
  };
}
