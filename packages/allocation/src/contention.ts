import { normalCdf } from '@compound-search/ranking';

/** A candidate as far as it contends for being the best. */
export interface Contender {
  /** How much higher the leader's mean is expected to be; 0 for the leader itself. */
  readonly gap: number;
  /** Of its trainings. */
  readonly variance: number;
  /** Part of the variance of the difference of both means that remains by what is known beside them. */
  readonly remainder: number;
  /** Work of one training. */
  readonly cost: number;
  /** Trainings, those under way included. */
  trainings: number;
  /** Whether it may get another one. */
  open: boolean;
}

/** The leader and those that may be better. */
export interface Contention {
  readonly leader: Contender;
  readonly rivals: readonly Contender[];
  /** A rival that is better by no more than this does not matter. */
  readonly indifference: number;
  /** Probability of error that may remain. */
  readonly error: number;
}

/** How many standard deviations the rival lies below what would make it better. */
function distance({ leader, indifference }: Contention, rival: Contender): number {
  const variance = leader.variance / leader.trainings + rival.variance / rival.trainings;
  const deviation = Math.sqrt(rival.remainder * variance);
  // Without any spread a tie stays a tie, and any gap is certain.
  return deviation > 0 ? (rival.gap + indifference) / deviation : Infinity;
}

function errorOf(contention: Contention, rival: Contender): number {
  return normalCdf(-distance(contention, rival));
}

/** Probability that the likeliest rival is better by more than the indifference. */
export function largestError(contention: Contention): number {
  return contention.rivals.reduce((largest, rival) => Math.max(largest, errorOf(contention, rival)), 0);
}

/**
 * Upper bound of the probability that any rival is better by more than the indifference once all trainings have ended, if
 * the means stay as they are: the sum over the rivals (Bonferroni).
 */
export function remainingError(contention: Contention): number {
  return contention.rivals.reduce((sum, rival) => sum + errorOf(contention, rival), 0);
}

function claimOf({ cost, trainings, variance }: Contender): number {
  return variance > 0 ? (cost * trainings ** 2) / variance : Infinity;
}

/**
 * Who is to get the next training; null where no one may whose training could change the answer.
 *
 * The rival that is most likely to be better, or the leader: optimal computing budget allocation (Chen et al. 2000) has
 * all rivals equally likely to be mistaken for the best, and the leader's trainings squared, over their variance, as many as
 * those of the rivals. Each counts by its cost, and a rival by its weight in the error, so that those already told apart claim nothing.
 */
export function chooseContender(contention: Contention): Contender | null {
  const { leader, rivals, error } = contention;
  const smallest = error / 2 / Math.max(1, rivals.length);
  const ranked = rivals
    .map((rival) => ({ rival, error: errorOf(contention, rival) }))
    .filter((one) => one.error >= smallest)
    .sort((one, other) => other.error - one.error || one.rival.cost - other.rival.cost);
  const challenger = ranked.find(({ rival }) => rival.open);
  const [first] = ranked;
  if (first === undefined) return null;
  if (!leader.open) return challenger?.rival ?? null;
  if (challenger === undefined) return leader;
  const claims = ranked.reduce((sum, { rival, error: own }) => sum + (own / first.error) * claimOf(rival), 0);
  return claimOf(leader) < claims ? leader : challenger.rival;
}
