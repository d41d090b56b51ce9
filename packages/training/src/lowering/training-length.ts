import type { Recipe } from '@compound-search/contracts';

/** How long a training is. */
export interface TrainingLength {
  readonly stepsPerEpoch: number;
  /** Of the whole training. */
  readonly steps: number;
}

/** What the length of a training depends on beside its recipe. */
export interface TrainingExtent {
  readonly stepsPerEpoch: number;
  /** Multiply-adds of one image in each equal part of the training, in turn. */
  readonly macs: readonly number[];
}

/** Steps of a training: as given, as many as the budget of multiply-adds pays for (at least one), or of all its epochs. */
export function trainingLength(recipe: Recipe, { stepsPerEpoch, macs }: TrainingExtent): TrainingLength {
  const mean = macs.reduce((sum, part) => sum + part, 0) / macs.length;
  const paid =
    recipe.macsBudget === undefined
      ? recipe.epochs * stepsPerEpoch
      : Math.max(1, Math.floor(recipe.macsBudget / (mean * recipe.batchSize)));
  return { stepsPerEpoch, steps: recipe.steps ?? paid };
}

/** The part of a training, of so many equal ones, that a step from 0 belongs to. */
export function partOfTraining(step: number, { steps }: TrainingLength, parts: number): number {
  return Math.min(parts - 1, Math.floor((step * parts) / steps));
}
