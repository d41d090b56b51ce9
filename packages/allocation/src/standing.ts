import type { AllocationCandidate, AllocationRequest, AssignedTraining, Outcome } from './request.ts';

/** A training of one candidate with one seed, at all rungs that it was sent to. */
export interface Training {
  readonly seed: number;
  /** Epochs that it was assigned last; null for the whole recipe. */
  epochs: number | null;
  /** `reached` where it waits at the rung that `epochs` names, or has ended where that is null. */
  state: 'open' | 'reached' | 'failed' | 'lost';
  /** Round that assigned it last. */
  round: number;
  /** What it had reached at each rung; null stands for the end. */
  readonly values: Map<number | null, number>;
  seconds: number;
}

/** What is known of a candidate when a decision is made. */
export interface Standing {
  readonly candidate: AllocationCandidate;
  /** In the order of the seeds of the search. */
  readonly trainings: readonly Training[];
  /** The first one that diverged, learned nothing or has no finite accuracy: the candidate gets nothing more. */
  readonly failure: Training | null;
}

/** Whether a training of the candidate has not ended as far as the decision may know. */
export function isUnderWay({ trainings }: Standing): boolean {
  return trainings.some(({ state }) => state === 'open');
}

/** Outcomes of the round just before are known by chance: they count as open whether they are known or not. */
function knownOutcome({ round, outcome, fingerprint, seed }: AssignedTraining, deciding: number): Outcome {
  if (round >= deciding)
    throw new RangeError(`Round ${deciding} is being decided, but round ${round} has assignments.`);
  if (round === deciding - 1) return { state: 'open' };
  if (outcome.state === 'open') {
    throw new RangeError(`Round ${deciding} needs the outcome of ${fingerprint} with seed ${seed} of round ${round}.`);
  }
  return outcome;
}

function stateOf(outcome: Outcome): Training['state'] {
  if (outcome.state === 'failed') return outcome.failedBy === 'training' ? 'failed' : 'lost';
  if (outcome.state === 'reached' && !Number.isFinite(outcome.value)) return 'failed';
  return outcome.state;
}

function record(training: Training, assigned: AssignedTraining, deciding: number): void {
  const { round, epochs, seed, fingerprint } = assigned;
  if (round <= training.round) throw new RangeError(`${fingerprint} has seed ${seed} twice in round ${round}.`);
  if (training.round > 0 && (training.epochs === null || (epochs !== null && epochs <= training.epochs))) {
    throw new RangeError(
      `${fingerprint} has been trained with seed ${seed} up to ${epochs ?? 'the last'} epochs before.`,
    );
  }
  const outcome = knownOutcome(assigned, deciding);
  training.round = round;
  training.epochs = epochs;
  training.state = stateOf(outcome);
  if (outcome.state !== 'reached') return;
  training.seconds = outcome.seconds;
  if (training.state === 'reached') training.values.set(epochs, outcome.value);
}

function byRound(one: AssignedTraining, other: AssignedTraining): number {
  return one.round - other.round;
}

function trainingsOf(assigned: readonly AssignedTraining[], seeds: ReadonlyMap<number, number>, deciding: number) {
  const bySeed = new Map<number, Training>();
  for (const one of assigned.toSorted(byRound)) {
    const { seed } = one;
    if (!seeds.has(seed)) throw new RangeError(`There is no seed ${seed}.`);
    const training = bySeed.get(seed) ?? {
      ...{ seed, epochs: null, state: 'open', round: 0, values: new Map(), seconds: 0 },
    };
    record(training, one, deciding);
    bySeed.set(seed, training);
  }
  return Array.from(bySeed.values()).sort((one, other) => (seeds.get(one.seed) ?? 0) - (seeds.get(other.seed) ?? 0));
}

/**
 * What is known of every candidate, in the order of the request, whatever the order of the assignments.
 *
 * @throws RangeError for an assignment that no earlier round can have made, and for one that must have ended and has not.
 */
export function takeStock(
  { candidates, seeds }: Pick<AllocationRequest, 'candidates' | 'seeds'>,
  round: number,
  assigned: readonly AssignedTraining[],
): Standing[] {
  const places = new Map(seeds.map((seed, index) => [seed, index]));
  const byCandidate = new Map(candidates.map(({ fingerprint }) => [fingerprint, [] as AssignedTraining[]]));
  for (const one of assigned) {
    const own = byCandidate.get(one.fingerprint);
    if (own === undefined) throw new RangeError(`There is no candidate ${one.fingerprint}.`);
    own.push(one);
  }
  return candidates.map((candidate) => {
    const trainings = trainingsOf(byCandidate.get(candidate.fingerprint) ?? [], places, round);
    const failures = trainings.filter(({ state }) => state === 'failed');
    const first = Math.min(...failures.map((failure) => failure.round));
    return { candidate, trainings, failure: failures.find((failure) => failure.round === first) ?? null };
  });
}
