import { type AssignedTraining, decideNext, type Outcome } from '@compound-search/allocation';
import type { TrialQueue } from '@compound-search/queue';
import type { AssignedTrial, DecisionStore, SearchRound, SearchStore } from '@compound-search/store';

import { toAllocationRequest } from '../allocation-request.ts';
import type { Log } from '../log.ts';
import { objectiveValues } from '../objective-values.ts';

/** What deciding needs of its surroundings. */
export interface Deciding {
  readonly store: Pick<SearchStore, 'getDefinition'> & Pick<DecisionStore, 'getRound' | 'takeDecision'>;
  readonly queue: Pick<TrialQueue, 'add'>;
  readonly log: Pick<Log, 'info'>;
}

/**
 * Makes the decisions of a search that can be made by now: the one of the next round, and those after it as long as all
 * that they must know is known. A decision is a function of the request and of results, and is taken by one conditional
 * statement: several services that make it at once make the same one, and one of them takes it.
 */
export async function decideRounds(searchId: string, { store, queue, log }: Deciding): Promise<void> {
  const definition = await store.getDefinition(searchId);
  if (definition === null) return;
  for (;;) {
    const round = await store.getRound(searchId);
    if (round === null || !isReady(round)) return;
    const request = toAllocationRequest(definition.request, round.candidates);
    const valueOf = objectiveValues(definition.request.objective, round.candidates);
    const decision = decideNext(request, round.round + 1, assignedUntil(round, valueOf));
    requireProgress(decision, round);
    const trials = await store.takeDecision({ searchId, decision });
    if (trials === null) return;
    const { stop, assignments } = decision;
    log.info({ searchId, round: decision.round, trials: assignments.length, stop }, 'a round is decided');
    await queue.add(trials);
    if (stop !== null) return;
  }
}

type ObjectiveValue = ReturnType<typeof objectiveValues>;

/** Whether everything up to the round before the last has been trained as far as it was assigned. */
function isReady({ round, assigned }: SearchRound): boolean {
  return assigned.every((trial) => trial.round >= round || hasReached(trial) || trial.state === 'failed');
}

/** Results of the last round are left out, though some may be known: which ones, depends on time. */
function assignedUntil({ round, assigned }: SearchRound, valueOf: ObjectiveValue): AssignedTraining[] {
  return assigned.map((trial) => {
    const { fingerprint, seed, epochs } = trial;
    return {
      round: trial.round,
      fingerprint,
      seed,
      epochs,
      outcome: trial.round < round ? outcomeOf(trial, valueOf) : { state: 'open' },
    };
  });
}

/** Whether a trial has come as far as it was assigned. */
function hasReached({ state, isPromoted }: AssignedTrial): boolean {
  return isPromoted || state === 'paused' || state === 'completed';
}

/** Trainings are shared out by the same objective as candidates are ranked by. */
function outcomeOf(trial: AssignedTrial, valueOf: ObjectiveValue): Outcome {
  const { state, failedBy, validationAccuracy, seconds } = trial;
  if (hasReached(trial)) {
    if (validationAccuracy === null) throw new Error(`A trial that is ${state} has come so far without an accuracy`);
    return { state: 'reached', value: valueOf({ ...trial, validationAccuracy }), seconds };
  }
  if (state === 'failed') return { state: 'failed', failedBy: failedBy ?? 'infrastructure' };
  return { state: 'open' };
}

/** A round without work knows as much as the next one would: with two in a row, the search would never end. */
function requireProgress({ assignments, stop, round }: ReturnType<typeof decideNext>, before: SearchRound): void {
  if (stop !== null || assignments.length > 0) return;
  if (before.assigned.some((trial) => trial.round === before.round)) return;
  throw new Error(`Rounds ${before.round} and ${round} assign nothing, and the search does not stop`);
}
