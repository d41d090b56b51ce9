import type { Assignment, Decision } from '@compound-search/contracts';

/** Evidence of a decision that was made without results. */
export const noEvidence: Decision['evidence'] = {
  leader: null,
  probabilityBest: null,
  probabilityIndifferent: null,
};

/** Deals assignments that need no results into rounds of at most `batch`. There is at least one round. */
export function dealOut(assignments: readonly Assignment[], batch: number): Decision[] {
  const rounds = Math.max(1, Math.ceil(assignments.length / batch));
  return Array.from({ length: rounds }, (_, index) => ({
    round: index + 1,
    assignments: assignments.slice(index * batch, (index + 1) * batch),
    drops: [],
    stop: null,
    evidence: noEvidence,
  }));
}
