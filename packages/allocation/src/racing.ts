import type { Decision, Strategy } from '@compound-search/contracts';

import { assignNextSeed, type Batch, emptyBatch, isFull, seedsLeft } from './batch.ts';
import { chooseContender, type Contender, type Contention, remainingError } from './contention.ts';
import { type Evidence, type Rival, weigh } from './evidence.ts';
import { assignSteps } from './halving.ts';
import { type Climb, climb, type Quota, rungsOf } from './ladder.ts';
import type { AllocationRequest } from './request.ts';
import { spendingOf } from './spending.ts';
import { isUnderWay, type Standing } from './standing.ts';

export type Racing = Extract<Strategy, { kind: 'racing' }>;

/**
 * Candidates that get a second seed before anything is known of the spread: its estimate then has one degree of freedom
 * less than this. With rungs at least so many are trained to the end.
 */
const pilotSize = 5;

/** As in halving, but enough go on to the end for the race to choose among. */
function racingQuota(reduction: number): Quota {
  return (arrived, isClosed) => Math.max(Math.floor(arrived / reduction), isClosed ? pilotSize : 0);
}

/** The first seed's way to the end, over rungs where the strategy has them. */
export function climbOnce(request: AllocationRequest, { rungs }: Racing, standings: readonly Standing[]): Climb {
  if (rungs === undefined) return climb(standings, [null], request.seeds.length, () => 0);
  return climb(standings, rungsOf(rungs, request.epochs), request.seeds.length, racingQuota(rungs.reduction));
}

/** Every candidate's first seed, and the second one where all candidates are in the pilot. */
export function openRacing(
  request: AllocationRequest,
  strategy: Racing,
  batch: Batch,
  standings: readonly Standing[],
): void {
  const { steps, finalists, isSettled } = climbOnce(request, strategy, standings);
  assignSteps(batch, steps);
  if (isSettled && finalists.length > 1 && finalists.length <= pilotSize) {
    for (const standing of finalists) assignNextSeed(batch, standing, null);
  }
}

/** Trainings that count or will count as a result. */
function countTrainings({ trainings }: Standing): number {
  return trainings.filter(({ epochs, state }) => epochs === null && (state === 'open' || state === 'reached')).length;
}

function countResults({ trainings }: Standing): number {
  return trainings.filter(({ epochs, state }) => epochs === null && state === 'reached').length;
}

/**
 * Second seeds for the best so far, until as many as the pilot wants have one. While part of the finalists is without a
 * result, only the same part of the pilot is given, since its other members may be among those.
 */
function assignPilot(batch: Batch, finalists: readonly Standing[], ranked: readonly Standing[]): void {
  const alive = finalists.filter(({ failure }) => failure === null).length;
  const places = Math.floor((Math.min(pilotSize, alive) * ranked.length) / Math.max(1, alive));
  let missing = places - ranked.filter((standing) => countTrainings(standing) > 1).length;
  for (const standing of ranked) {
    if (missing <= 0 || isFull(batch)) return;
    if (countTrainings(standing) === 1 && assignNextSeed(batch, standing, null)) missing -= 1;
  }
}

function contend(batch: Batch, leader: Standing, { standing, gap, deviation }: Rival): Contender {
  const trainings = countTrainings(standing);
  return {
    ...{ gap, cost: standing.candidate.macs, trainings },
    variance: deviation ** 2 / (1 / countResults(leader) + 1 / countResults(standing)),
    open: seedsLeft(batch, standing).length > 0,
  };
}

/** Seeds for those that may be the best, until that is expected to be enough. */
function assignRace(batch: Batch, leader: Standing, rivals: readonly Rival[], strategy: Racing): void {
  const entrants = [{ standing: leader, gap: 0, deviation: 0 }, ...rivals];
  const standingOf = new Map(entrants.map((entrant) => [contend(batch, leader, entrant), entrant.standing]));
  const [first, ...others] = standingOf.keys();
  if (first === undefined) return;
  const { indifference, confidence } = strategy;
  const contention: Contention = { leader: first, rivals: others, indifference, error: 1 - confidence };
  // Where everything is known and it is not enough, something must be assigned even if the estimate says otherwise.
  let isNeeded = !entrants.some(({ standing }) => isUnderWay(standing));
  while (!isFull(batch) && (isNeeded || remainingError(contention) > contention.error)) {
    const chosen = chooseContender(contention);
    const standing = chosen === null ? undefined : standingOf.get(chosen);
    if (chosen === null || standing === undefined) return;
    if (assignNextSeed(batch, standing, null)) {
      chosen.trainings += 1;
      isNeeded = false;
      chosen.open = seedsLeft(batch, standing).length > 0;
    } else {
      chosen.open = false;
    }
  }
}

function stopOf(batch: Batch, evidence: Evidence, { confidence }: Racing): Decision['stop'] {
  if (evidence.leader?.failure === null) {
    if ((evidence.probabilityBest ?? 0) >= confidence) return 'confidence';
    if ((evidence.probabilityIndifferent ?? 0) >= confidence) return 'indifference';
  }
  return batch.overBudget ? 'budget' : 'exhausted';
}

/** Seeds for the finalists: to find out the spread, then to tell them apart. */
function assignSeeds(batch: Batch, finalists: readonly Standing[], evidence: Evidence, strategy: Racing): void {
  const { leader, rivals, ranked, probabilityIndifferent } = evidence;
  if (leader?.failure !== null || finalists.length < 2) return;
  assignPilot(batch, finalists, ranked);
  // What is sure already is confirmed by what is under way, before the search ends.
  if (rivals === null || (probabilityIndifferent ?? 0) >= strategy.confidence) return;
  assignRace(batch, leader, rivals, strategy);
}

/** The decision of a round after the opening ones. It is over once nothing is under way and nothing is worth assigning. */
export function decideRacing(
  request: AllocationRequest,
  strategy: Racing,
  standings: readonly Standing[],
): Omit<Decision, 'round' | 'drops'> {
  const batch = emptyBatch(request, strategy, spendingOf(request, standings));
  const evidence = weigh(standings, strategy.indifference);
  const { steps, finalists, isSettled } = climbOnce(request, strategy, standings);
  assignSteps(batch, steps);
  if (isSettled) assignSeeds(batch, finalists, evidence, strategy);
  const isOver = batch.assignments.length === 0 && !standings.some(isUnderWay);
  return {
    assignments: batch.assignments,
    stop: isOver ? stopOf(batch, evidence, strategy) : null,
    evidence: {
      leader: evidence.leader?.candidate.fingerprint ?? null,
      probabilityBest: evidence.probabilityBest,
      probabilityIndifferent: evidence.probabilityIndifferent,
    },
  };
}
