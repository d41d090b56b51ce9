import {
  type AllocationRequest,
  type AssignedTraining,
  decideNext,
  openingDecisions,
} from '@compound-search/allocation';
import { type Assignment, type Decision, type Strategy, strategySchema } from '@compound-search/contracts';
import type { MeasuredCandidate } from '@compound-search/ranking';

import { accuracyAfter } from './learning-curves.ts';
import type { SimulatedSearch } from './surfaces.ts';

/** A strategy as a request has it, with the seeds that a candidate may get at most. */
export interface Contestant {
  readonly name: string;
  readonly strategy: Strategy;
  readonly seeds: number;
}

/** A contestant from what a request says. */
export function contestant(name: string, seeds: number, strategy: unknown): Contestant {
  return { name, seeds, strategy: strategySchema.parse(strategy) };
}

export const epochs = 20;
const trainImages = 1000;
/** Accuracies of ten classes: below this a training has learned nothing, and has failed. */
const chance = 0.2;

function requestOf({ candidates }: SimulatedSearch, { strategy, seeds }: Contestant): AllocationRequest {
  return {
    ...{ strategy, epochs, trainImages },
    seeds: Array.from({ length: seeds }, (_, index) => index + 1),
    candidates: candidates.map(({ fingerprint, macs }) => ({ fingerprint, macs })),
  };
}

/** A search as the product makes it. */
export interface Finished {
  readonly assigned: readonly AssignedTraining[];
  readonly latest: Decision;
}

/** Decisions and trainings in turn, until a decision stops the search. */
export function playSearch(simulated: SimulatedSearch, by: Contestant): Finished {
  const request = requestOf(simulated, by);
  const places = new Map(request.candidates.map(({ fingerprint }, index) => [fingerprint, index]));
  const assigned: AssignedTraining[] = [];
  const outcomeOf = ({ fingerprint, seed, epochs: limit }: Assignment): AssignedTraining['outcome'] => {
    const place = { candidate: places.get(fingerprint) ?? 0, seed };
    const value = accuracyAfter(simulated, place, { epochs: limit ?? epochs, all: epochs });
    const failed = (limit === null ? value : simulated.train(place.candidate, seed)) < chance;
    return failed ? { state: 'failed', failedBy: 'training' } : { state: 'reached', value, seconds: 60 };
  };
  const train = ({ round, assignments }: Decision): void => {
    for (const one of assignments) assigned.push({ ...one, round, outcome: outcomeOf(one) });
  };
  const opening = openingDecisions(request);
  for (const decision of opening) train(decision);
  let latest = opening.at(-1);
  if (latest === undefined) throw new RangeError('A search has no opening.');
  while (latest.stop === null) {
    latest = decideNext(request, latest.round + 1, assigned);
    train(latest);
  }
  return { assigned, latest };
}

/** What the trainings of a search that ran to their end have shown. */
export function measuredBy(
  { candidates }: SimulatedSearch,
  { assigned }: Pick<Finished, 'assigned'>,
): MeasuredCandidate[] {
  return candidates.map(({ fingerprint, macs }) => {
    const own = assigned.filter((one) => one.fingerprint === fingerprint);
    const ended = own.flatMap(({ seed, epochs: limit, outcome }) =>
      limit === null && outcome.state === 'reached' ? [{ seed, accuracy: outcome.value }] : [],
    );
    return {
      ...{ fingerprint, macs, failedTraining: own.some(({ outcome }) => outcome.state === 'failed') },
      seeds: ended.map(({ seed }) => seed),
      accuracies: ended.map(({ accuracy }) => accuracy),
    };
  });
}
