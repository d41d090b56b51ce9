import type { AssignedTraining } from '@compound-search/allocation';
import { assess } from '@compound-search/ranking';

import { type Contestant, epochs, type Finished, measuredBy, playSearch } from './play.ts';
import { type SimulatedSearch, simulateSearch, type Surface } from './surfaces.ts';

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

/** The winner by the results of all trainings that ran to their end, as the product names it. */
function winnerOf(simulated: SimulatedSearch, finished: Finished, indifference: number): string | null {
  const { evidence } = finished.latest;
  if (evidence.probabilityBest !== null) return evidence.leader;
  return assess(measuredBy(simulated, finished), { indifference }).leader?.fingerprint ?? null;
}

/** Trainings by the epochs that they were assigned last. */
function furthestOf(assigned: readonly AssignedTraining[]): AssignedTraining[] {
  return [...new Map(assigned.map((one) => [`${one.fingerprint} ${one.seed}`, one])).values()];
}

function judge(simulated: SimulatedSearch, by: Contestant): Tally {
  const finished = playSearch(simulated, by);
  const { seeds, strategy } = by;
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
