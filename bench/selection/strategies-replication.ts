import {
  type AllocationRequest,
  type AssignedTraining,
  decideNext,
  openingDecisions,
} from '@compound-search/allocation';
import { type Assignment, type Decision, type Strategy, strategySchema } from '@compound-search/contracts';
import { assess } from '@compound-search/ranking';

import { accuracyAfter } from './learning-curves.ts';
import { type SimulatedSearch, simulateSearch, type Surface } from './surfaces.ts';

/** A strategy as a request has it, with the seeds that a candidate may get at most. */
export interface Contestant {
  readonly name: string;
  readonly strategy: Strategy;
  readonly seeds: number;
}

/** Replications of one kind of search by one strategy. */
export interface Task {
  readonly surface: Surface;
  readonly candidates: number;
  readonly contestant: Contestant;
  readonly first: number;
  readonly last: number;
}

/** What replications have come to. */
export interface Tally {
  readonly replications: number;
  /** The winner is the best. */
  readonly best: number;
  /** The winner is the best, or within the indifference of it. */
  readonly asGood: number;
  /** Sum over the replications of the share of the full grid's work, and the largest one. */
  readonly share: number;
  readonly largestShare: number;
  readonly trials: number;
  readonly rounds: number;
  /**
   * Searches that ended because the answer was sure; among them, those of which what they state is right: the winner is as
   * good as the best of all that were trained to the end.
   */
  readonly sure: number;
  readonly sureAndRight: number;
  /** Sum over the sure ones of the stated probability of that. */
  readonly stated: number;
}

export const nothing: Tally = {
  ...{ replications: 0, best: 0, asGood: 0, share: 0, largestShare: 0 },
  ...{ trials: 0, rounds: 0, sure: 0, sureAndRight: 0, stated: 0 },
};

export function add(one: Tally, other: Tally): Tally {
  return {
    replications: one.replications + other.replications,
    best: one.best + other.best,
    asGood: one.asGood + other.asGood,
    share: one.share + other.share,
    largestShare: Math.max(one.largestShare, other.largestShare),
    trials: one.trials + other.trials,
    rounds: one.rounds + other.rounds,
    sure: one.sure + other.sure,
    sureAndRight: one.sureAndRight + other.sureAndRight,
    stated: one.stated + other.stated,
  };
}

const epochs = 20;
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
interface Finished {
  readonly assigned: readonly AssignedTraining[];
  readonly latest: Decision;
}

/** Decisions and trainings in turn, until a decision stops the search. */
function runSearch(simulated: SimulatedSearch, request: AllocationRequest): Finished {
  const places = new Map(request.candidates.map(({ fingerprint }, index) => [fingerprint, index]));
  const assigned: AssignedTraining[] = [];
  const outcomeOf = ({ fingerprint, seed, epochs: limit }: Assignment): AssignedTraining['outcome'] => {
    const place = { candidate: places.get(fingerprint) ?? 0, seed };
    const validationAccuracy = accuracyAfter(simulated, place, { epochs: limit ?? epochs, all: epochs });
    const failed = (limit === null ? validationAccuracy : simulated.train(place.candidate, seed)) < chance;
    return failed ? { state: 'failed', failedBy: 'training' } : { state: 'reached', validationAccuracy, seconds: 60 };
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

/** The winner by the results of all trainings that ran to their end, as the product names it. */
function winnerOf(
  { candidates }: SimulatedSearch,
  { assigned, latest }: Finished,
  indifference: number,
): string | null {
  if (latest.evidence.probabilityBest !== null) return latest.evidence.leader;
  const measured = candidates.map(({ fingerprint, macs }) => {
    const own = assigned.filter((one) => one.fingerprint === fingerprint);
    const ended = own.flatMap(({ seed, epochs: limit, outcome }) =>
      limit === null && outcome.state === 'reached' ? [{ seed, accuracy: outcome.validationAccuracy }] : [],
    );
    return {
      ...{ fingerprint, macs, failedTraining: own.some(({ outcome }) => outcome.state === 'failed') },
      seeds: ended.map(({ seed }) => seed),
      accuracies: ended.map(({ accuracy }) => accuracy),
    };
  });
  return assess(measured, { indifference }).leader?.fingerprint ?? null;
}

/** Trainings by the epochs that they were assigned last. */
function furthestOf(assigned: readonly AssignedTraining[]): AssignedTraining[] {
  return [...new Map(assigned.map((one) => [`${one.fingerprint} ${one.seed}`, one])).values()];
}

function judge(simulated: SimulatedSearch, { strategy, seeds }: Contestant): Tally {
  const request = requestOf(simulated, { strategy, seeds, name: '' });
  const finished = runSearch(simulated, request);
  const { indifference } = strategy;
  const { evidence, stop, round } = finished.latest;
  const byFingerprint = new Map(simulated.candidates.map((candidate) => [candidate.fingerprint, candidate]));
  const winner = byFingerprint.get(winnerOf(simulated, finished, indifference) ?? '');
  const winnerMean = winner?.trueMean ?? -Infinity;
  const highestTrained = finished.assigned
    .filter(({ epochs: limit }) => limit === null)
    .reduce((highest, { fingerprint }) => Math.max(highest, byFingerprint.get(fingerprint)?.trueMean ?? 0), 0);
  const sure = stop === 'confidence' || stop === 'indifference';
  const trainings = furthestOf(finished.assigned);
  const work = trainings.reduce(
    (sum, { fingerprint, epochs: limit }) => sum + (byFingerprint.get(fingerprint)?.macs ?? 0) * (limit ?? epochs),
    0,
  );
  const share = work / (simulated.candidates.reduce((sum, { macs }) => sum + macs, 0) * seeds * epochs);
  return {
    ...{ replications: 1, share, largestShare: share, trials: trainings.length, rounds: round },
    best: Number(winnerMean === simulated.highest),
    asGood: Number(simulated.highest - winnerMean <= indifference),
    sure: Number(sure),
    sureAndRight: Number(sure && highestTrained - winnerMean <= indifference),
    stated: sure ? (evidence.probabilityIndifferent ?? 0) : 0,
  };
}

/** Runs the replications of a task. */
export function replicate({ surface, candidates, contestant: by, first, last }: Task): Tally {
  let tally = nothing;
  for (let replication = first; replication <= last; replication++) {
    tally = add(tally, judge(simulateSearch(surface, candidates, replication), by));
  }
  return tally;
}

/** A contestant from what a request says. */
export function contestant(name: string, seeds: number, strategy: unknown): Contestant {
  return { name, seeds, strategy: strategySchema.parse(strategy) };
}
