import { type Candidate, mostSeeds, type SearchPlan, type SearchRequest } from '@compound-search/contracts';
import type { RecentTraining } from '@compound-search/store';

type Work = SearchPlan['work'];

/** Training images that pass in a trial of a candidate: whole batches, since what is left of an epoch waits for the next. */
function imagesOf({ recipe, split }: SearchRequest, macs: number): number {
  const { batchSize, epochs, steps, macsBudget } = recipe;
  const ofEpochs = epochs * Math.floor(split.trainImages / batchSize);
  const paid = macsBudget === undefined ? ofEpochs : Math.max(1, Math.floor(macsBudget / (macs * batchSize)));
  return batchSize * (steps ?? paid);
}

/** The ranking trials of a request, and the work in them: exact for `full`, the most there can be for the others. */
export function workOf(request: SearchRequest, candidates: readonly Candidate[]): Work {
  const { strategy } = request;
  const each = candidates.map(({ macs }) => macs * imagesOf(request, macs));
  const seedsEach = mostSeeds(request);
  const all = { trials: candidates.length * seedsEach, macsTimesImages: seedsEach * sum(each) };
  if (strategy.kind === 'full') return { ...all, atMost: false };
  const { trials = all.trials, macsTimesImages = Infinity } = strategy.budget;
  return {
    trials: Math.min(all.trials, trials),
    macsTimesImages: Math.min(all.macsTimesImages, macsTimesImages, trials * Math.max(...each)),
    atMost: true,
  };
}

/**
 * How long so much work takes at the speed of recent trainings: their work over the time in which at least one of them
 * ran, which counts the slots that ran at once without knowing them. Null where there were none.
 */
export function expectedTime(
  { macsTimesImages }: Pick<Work, 'macsTimesImages'>,
  trainings: readonly RecentTraining[],
): SearchPlan['expected'] {
  const done = sum(trainings.map((training) => training.macsTimesImages));
  const seconds = busyMilliseconds(trainings) / 1000;
  if (done <= 0 || seconds <= 0) return null;
  const perSecond = done / seconds;
  return { seconds: macsTimesImages / perSecond, macsTimesImagesPerSecond: perSecond, trials: trainings.length };
}

/** The length of the union of the trainings' intervals. */
function busyMilliseconds(trainings: readonly RecentTraining[]): number {
  let total = 0;
  let until = -Infinity;
  for (const { startedAt, endedAt } of trainings.toSorted((one, other) => one.startedAt - other.startedAt)) {
    total += Math.max(0, endedAt - Math.max(startedAt, until));
    until = Math.max(until, endedAt);
  }
  return total;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
