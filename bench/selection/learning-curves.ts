/**
 * What a made-up training shows before its end: its final accuracy less what it has yet to gain. Short trainings mislead
 * in two ways: by chance, and because networks differ in how fast they learn, whatever the seed.
 */
import { randomStream } from '@compound-search/random';

import { drawNormal, type SimulatedSearch } from './surfaces.ts';

/** Accuracy that is missing after a tenth of the epochs, on average. It falls with the inverse of the epochs. */
const missingAfterTenth = 0.1;
/** Standard deviations after a tenth of the epochs; like the missing accuracy they fall to 0 at the end. */
const speedSpread = 0.005;
const chanceSpread = 0.008;

/** Part of the shortfall after a tenth of the epochs that is left after `epochs` of `all`. */
function remaining(epochs: number, all: number): number {
  return (all / epochs - 1) / 9;
}

/** Validation accuracy of a candidate, by its index, with a seed after so many of all epochs; the same for every call. */
export function accuracyAfter(
  search: SimulatedSearch,
  { candidate, seed }: { candidate: number; seed: number },
  { epochs, all }: { epochs: number; all: number },
): number {
  const final = search.train(candidate, seed);
  if (epochs === all) return final;
  const fingerprint = search.candidates[candidate]?.fingerprint ?? '';
  const slowness = missingAfterTenth + speedSpread * drawNormal(randomStream(0, `${search.highest}, ${fingerprint}`));
  const luck = chanceSpread * drawNormal(randomStream(seed, `${search.highest}, ${fingerprint}, ${epochs}`));
  return final - remaining(epochs, all) * slowness - Math.sqrt(remaining(epochs, all)) * luck;
}
