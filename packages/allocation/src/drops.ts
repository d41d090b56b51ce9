import type { Decision } from '@compound-search/contracts';

import { dropFromRungs } from './halving.ts';
import { climbOnce } from './racing.ts';
import type { AllocationRequest } from './request.ts';
import type { Standing } from './standing.ts';

type Drops = Decision['drops'];

function dropFailed(standings: readonly Standing[]): Drops {
  return standings.flatMap(({ candidate: { fingerprint }, failure }) => {
    if (failure === null) return [];
    const reason = `Its training with seed ${failure.seed} diverged, stayed at chance or ended without an accuracy.`;
    return [{ fingerprint, epochs: failure.epochs, reason }];
  });
}

function dropBeaten(request: AllocationRequest, standings: readonly Standing[]): Drops {
  const { strategy } = request;
  switch (strategy.kind) {
    case 'full':
      return [];
    case 'racing':
      return climbOnce(request, strategy, standings).drops;
    case 'halving':
      return dropFromRungs(request, strategy, standings);
  }
}

/** All candidates that get nothing more for what is known of them, each once. */
export function dropsSoFar(request: AllocationRequest, standings: readonly Standing[]): Drops {
  const failed = dropFailed(standings);
  const known = new Set(failed.map(({ fingerprint }) => fingerprint));
  return [...failed, ...dropBeaten(request, standings).filter(({ fingerprint }) => !known.has(fingerprint))];
}

/** Candidates that a search leaves without a training to the end when it stops, other than those dropped. */
export function leftBehind(standings: readonly Standing[], dropped: Drops, stop: Decision['stop']): Drops {
  const known = new Set(dropped.map(({ fingerprint }) => fingerprint));
  return standings.flatMap(({ candidate: { fingerprint }, trainings }) => {
    const hasEnded = trainings.some(({ values }) => values.has(null));
    if (hasEnded || known.has(fingerprint)) return [];
    const waiting = trainings.findLast(({ state }) => state === 'reached');
    const reason =
      stop === 'budget' ? 'The budget was spent before it was trained to the end.' : 'All of its trainings were lost.';
    return [{ fingerprint, epochs: waiting?.epochs ?? null, reason }];
  });
}
