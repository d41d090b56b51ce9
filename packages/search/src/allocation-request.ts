import type { AllocationRequest } from '@compound-search/allocation';
import type { SearchRequest } from '@compound-search/contracts';

/** What sharing out the trials of a search goes by. */
export function toAllocationRequest(
  { strategy, seeds, recipe, split }: SearchRequest,
  candidates: AllocationRequest['candidates'],
): AllocationRequest {
  return { strategy, seeds, epochs: epochsOf(recipe, split), trainImages: split.trainImages, candidates };
}

/** Epochs of the whole training; the last may be a part of one. */
function epochsOf(
  { steps, epochs, batchSize }: SearchRequest['recipe'],
  { trainImages }: SearchRequest['split'],
): number {
  return steps === undefined ? epochs : Math.ceil(steps / Math.floor(trainImages / batchSize));
}
