import { CompoundSearchError, type SearchRequest } from '@compound-search/contracts';

/**
 * Rungs compare trainings after equally many epochs, as equal parts of the whole.
 *
 * @throws CompoundSearchError VALIDATION_FAILED where a budget of multiply-adds gives every network another number of them.
 */
export function requireRungs({ strategy, recipe }: SearchRequest): void {
  const hasRungs = strategy.kind === 'halving' || (strategy.kind === 'racing' && strategy.rungs !== undefined);
  if (!hasRungs || recipe.macsBudget === undefined || recipe.steps !== undefined) return;
  throw new CompoundSearchError('VALIDATION_FAILED', 'With a budget of multiply-adds the networks differ in epochs', {
    field: 'recipe.macsBudget',
    value: recipe.macsBudget,
    remedy: 'Use a strategy without rungs, or give the length of a training in epochs or steps.',
  });
}
