import type { Objective } from '@compound-search/contracts';
import { objective as reward } from '@compound-search/scaling';

interface Costed {
  readonly fingerprint: string;
  readonly macs: number;
}

/** What a training has come to. */
export interface Scored {
  /** Of its candidate. */
  readonly fingerprint: string;
  readonly validationAccuracy: number;
  /** Null where it is not known, which it is where candidates are ranked by it. */
  readonly validationLoss: number | null;
}

/**
 * What candidates are ranked by, as a number of which more is better: the accuracy, the accuracy times a factor, or the loss
 * with its sign changed. Trainings are shared out by the same numbers.
 */
export function objectiveValues(objective: Objective, candidates: readonly Costed[]): (training: Scored) => number {
  if (objective.kind === 'loss') return ({ validationLoss }) => -requireLoss(validationLoss);
  if (objective.kind === 'accuracy') return ({ validationAccuracy }) => validationAccuracy;
  const factors = objectiveFactors(objective, candidates);
  return ({ fingerprint, validationAccuracy }) => factorOf(factors, fingerprint) * validationAccuracy;
}

function requireLoss(loss: number | null): number {
  if (loss === null) throw new Error('A training of a search that ranks by loss has none');
  return loss;
}

/**
 * What accuracies are multiplied with to be what candidates are ranked by, by fingerprint. With the geometric mean of the
 * costs as the target the factors lie about 1, so that differences and the indifference zone keep the size of accuracies.
 */
export function objectiveFactors(objective: Objective, candidates: readonly Costed[]): ReadonlyMap<string, number> {
  if (objective.kind !== 'reward' || candidates.length === 0) {
    return new Map(candidates.map(({ fingerprint }) => [fingerprint, 1]));
  }
  const { exponent } = objective;
  const target = Math.exp(candidates.reduce((sum, { macs }) => sum + Math.log(macs), 0) / candidates.length);
  return new Map(candidates.map(({ fingerprint, macs }) => [fingerprint, reward(1, macs, { target, exponent })]));
}

/** The factor of one candidate. */
export function factorOf(factors: ReadonlyMap<string, number>, fingerprint: string): number {
  const factor = factors.get(fingerprint);
  if (factor === undefined) throw new Error(`Network ${fingerprint} is no candidate of this search`);
  return factor;
}
