import type { Assignment, Budget } from '@compound-search/contracts';

import type { AllocationRequest } from './request.ts';
import { isWithin, spend, type Spending } from './spending.ts';
import type { Standing, Training } from './standing.ts';

/** The assignments of a round while they are being chosen. */
export interface Batch {
  readonly request: AllocationRequest;
  readonly size: number;
  readonly budget: Budget;
  readonly assignments: Assignment[];
  spending: Spending;
  /** Whether something was not assigned because the budget does not allow it. */
  overBudget: boolean;
}

export function emptyBatch(
  request: AllocationRequest,
  { batch: size, budget }: { batch: number; budget: Budget },
  spending: Spending,
): Batch {
  return { request, size, budget, assignments: [], spending, overBudget: false };
}

export function isFull({ assignments, size }: Batch): boolean {
  return assignments.length >= size;
}

/** Seeds of the list that the candidate has not had, in order. A seed whose training was lost is not given again. */
export function seedsLeft({ request, assignments }: Batch, { candidate, trainings }: Standing): number[] {
  const had = new Set(trainings.map(({ seed }) => seed));
  for (const { fingerprint, seed } of assignments) if (fingerprint === candidate.fingerprint) had.add(seed);
  return request.seeds.filter((seed) => !had.has(seed));
}

function assign(
  batch: Batch,
  { candidate }: Standing,
  seed: number,
  { from, to }: { from: number; to: number | null },
) {
  const spending = spend(batch.spending, batch.request, { candidate, from, to });
  if (!isWithin(batch.budget, spending)) {
    batch.overBudget = true;
    return false;
  }
  batch.spending = spending;
  batch.assignments.push({ fingerprint: candidate.fingerprint, seed, epochs: to });
  return true;
}

/** Gives the candidate its next seed; false where it has none left or the budget does not allow it. */
export function assignNextSeed(batch: Batch, standing: Standing, epochs: number | null): boolean {
  const [seed] = seedsLeft(batch, standing);
  return seed !== undefined && assign(batch, standing, seed, { from: 0, to: epochs });
}

/** Sends a training that waits at a rung on to the next one; false where the budget does not allow it. */
export function promote(batch: Batch, standing: Standing, training: Training, epochs: number | null): boolean {
  return assign(batch, standing, training.seed, { from: training.epochs ?? batch.request.epochs, to: epochs });
}
