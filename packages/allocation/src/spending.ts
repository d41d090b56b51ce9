import type { Assignment, Budget } from '@compound-search/contracts';

import type { AllocationCandidate, AllocationRequest } from './request.ts';
import type { Standing } from './standing.ts';

/** What trainings have taken, in the units of the budget. */
export interface Spending {
  readonly trials: number;
  readonly macsTimesImages: number;
  readonly trainingMinutes: number;
}

/** Work of training a candidate for so many epochs, in multiply-adds of a forward pass times images. */
export function workOf({ macs }: AllocationCandidate, epochs: number, { trainImages }: AllocationRequest): number {
  return macs * trainImages * epochs;
}

/** What all assignments so far take. A training counts once, up to the epochs that it was assigned last. */
export function spendingOf(request: AllocationRequest, standings: readonly Standing[]): Spending {
  let trials = 0;
  let macsTimesImages = 0;
  let seconds = 0;
  for (const { candidate, trainings } of standings) {
    for (const training of trainings) {
      trials += 1;
      macsTimesImages += workOf(candidate, training.epochs ?? request.epochs, request);
      seconds += training.seconds;
    }
  }
  return { trials, macsTimesImages, trainingMinutes: seconds / 60 };
}

/** The spending after one more assignment, of a training that has been assigned `from` epochs before: 0 for a new one. */
export function spend(
  spending: Spending,
  request: AllocationRequest,
  { candidate, from, to }: { candidate: AllocationCandidate; from: number; to: Assignment['epochs'] },
): Spending {
  return {
    ...spending,
    trials: spending.trials + (from === 0 ? 1 : 0),
    macsTimesImages: spending.macsTimesImages + workOf(candidate, (to ?? request.epochs) - from, request),
  };
}

/** Minutes are known only afterwards: once they are spent, nothing more is assigned. */
export function isWithin(budget: Budget, { trials, macsTimesImages, trainingMinutes }: Spending): boolean {
  return (
    trials <= (budget.trials ?? Infinity) &&
    macsTimesImages <= (budget.macsTimesImages ?? Infinity) &&
    trainingMinutes < (budget.trainingMinutes ?? Infinity)
  );
}
