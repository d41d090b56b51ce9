import type { Assignment, Decision, Strategy } from '@compound-search/contracts';

import { assignNextSeed, type Batch, emptyBatch, isFull, promote } from './batch.ts';
import { weigh } from './evidence.ts';
import { type Climb, climb, type Quota, rungsOf, type Step } from './ladder.ts';
import type { AllocationRequest } from './request.ts';
import { spendingOf } from './spending.ts';
import { isUnderWay, type Standing } from './standing.ts';

export type Halving = Extract<Strategy, { kind: 'halving' }>;

/** One in so many goes on, and when a rung is closed at least one. */
export function halvingQuota(reduction: number): Quota {
  return (arrived, isClosed) => Math.max(Math.floor(arrived / reduction), isClosed ? 1 : 0);
}

/** Each bracket's own climb. Candidates are dealt out to the brackets in turn; bracket n starts at rung n. */
function climbInBrackets(request: AllocationRequest, strategy: Halving, standings: readonly Standing[]): Climb[] {
  const rungs = rungsOf(strategy.rungs, request.epochs);
  const quota = halvingQuota(strategy.rungs.reduction);
  return Array.from({ length: strategy.brackets }, (_, bracket) => {
    const group = standings.filter((__, index) => index % strategy.brackets === bracket);
    return climb(group, rungs.slice(Math.min(bracket, rungs.length - 1)), request.seeds.length, quota);
  });
}

/** Longest first, since those are closest to an answer; otherwise in the order of the brackets. */
function mergeSteps(climbs: readonly Climb[]): Step[] {
  const length = ({ epochs }: { epochs: Assignment['epochs'] }): number => epochs ?? Infinity;
  return climbs
    .flatMap(({ steps }) => steps)
    .sort((one, other) => (length(one) === length(other) ? 0 : length(other) - length(one)));
}

/** Assigns steps in their order as far as batch and budget go. */
export function assignSteps(batch: Batch, steps: readonly Step[]): void {
  for (const { standing, training, epochs } of steps) {
    if (isFull(batch)) return;
    if (training === null) assignNextSeed(batch, standing, epochs);
    else promote(batch, standing, training, epochs);
  }
}

/** The first rung of every candidate. */
export function openHalving(
  request: AllocationRequest,
  strategy: Halving,
  batch: Batch,
  standings: readonly Standing[],
): void {
  // In the order of the candidates, so that brackets take turns.
  const steps = climbInBrackets(request, strategy, standings).flatMap((one) => one.steps);
  const place = new Map(standings.map((standing, index) => [standing, index]));
  assignSteps(
    batch,
    steps.toSorted((one, other) => (place.get(one.standing) ?? 0) - (place.get(other.standing) ?? 0)),
  );
}

/** Candidates that get nothing more because of where they stood at a rung. */
export function dropFromRungs(
  request: AllocationRequest,
  strategy: Halving,
  standings: readonly Standing[],
): Decision['drops'] {
  return climbInBrackets(request, strategy, standings).flatMap(({ drops }) => drops);
}

/** The decision of a round after the opening ones. */
export function decideHalving(
  request: AllocationRequest,
  strategy: Halving,
  standings: readonly Standing[],
): Omit<Decision, 'round' | 'drops'> {
  const batch = emptyBatch(request, strategy, spendingOf(request, standings));
  assignSteps(batch, mergeSteps(climbInBrackets(request, strategy, standings)));
  const isOver = batch.assignments.length === 0 && !standings.some(isUnderWay);
  return {
    assignments: batch.assignments,
    stop: isOver ? (batch.overBudget ? 'budget' : 'exhausted') : null,
    evidence: weigh(standings, strategy.indifference).evidence,
  };
}
