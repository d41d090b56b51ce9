import type { Decision, Strategy } from '@compound-search/contracts';

import { assignNextSeed, type Batch, emptyBatch, isFull, seedsLeft } from './batch.ts';
import { chooseContender, type Contender, type Contention, largestError, remainingError } from './contention.ts';
import { estimateProspects, type Prospect, weigh, type Weighed } from './evidence.ts';
import { assignSteps } from './halving.ts';
import { type Climb, climb, type Quota, rungsOf } from './ladder.ts';
import { noEvidence } from './opening.ts';
import type { AllocationRequest } from './request.ts';
import { spendingOf } from './spending.ts';
import { isUnderWay, type Standing } from './standing.ts';

export type Racing = Extract<Strategy, { kind: 'racing' }>;

/**
 * Degrees of freedom that the estimate of the spread has at least before a search may end: with fewer the first chance
 * agreement of two seeds would end it.
 */
const leastFreedom = 4;
/** Candidates that get a second seed before anything is known of the spread. With rungs so many are trained to the end. */
const pilotSize = leastFreedom + 1;

/** Seeds that all of few candidates get to begin with: so many candidates with n seeds leave (candidates - 1) * (n - 1). */
function openingSeeds(candidates: number): number {
  return candidates > 1 && candidates <= pilotSize ? 1 + Math.ceil(leastFreedom / (candidates - 1)) : 1;
}

/** As in halving, but enough go on to the end for the race to choose among. */
function racingQuota(reduction: number): Quota {
  return (arrived, isClosed) => Math.max(Math.floor(arrived / reduction), isClosed ? pilotSize : 0);
}

/** The first seed's way to the end, over rungs where the strategy has them. */
export function climbOnce(request: AllocationRequest, { rungs }: Racing, standings: readonly Standing[]): Climb {
  if (rungs === undefined) return climb(standings, [null], request.seeds.length, () => 0);
  return climb(standings, rungsOf(rungs, request.epochs), request.seeds.length, racingQuota(rungs.reduction));
}

/** Every candidate's first seed, and more where all candidates are in the pilot. */
export function openRacing(
  request: AllocationRequest,
  strategy: Racing,
  batch: Batch,
  standings: readonly Standing[],
): void {
  const { steps, finalists, isSettled } = climbOnce(request, strategy, standings);
  assignSteps(batch, steps);
  if (!isSettled) return;
  for (let seed = 2; seed <= openingSeeds(finalists.length); seed++) {
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
function assignPilot(batch: Batch, finalists: readonly Standing[], prospects: readonly Prospect[]): void {
  const alive = finalists.filter(({ failure }) => failure === null).length;
  const places = Math.floor((Math.min(pilotSize, alive) * prospects.length) / Math.max(1, alive));
  let missing = places - prospects.filter(({ standing }) => countTrainings(standing) > 1).length;
  for (const { standing } of prospects) {
    if (missing <= 0 || isFull(batch)) return;
    if (countTrainings(standing) === 1 && assignNextSeed(batch, standing, null)) missing -= 1;
  }
}

/** The best prospect against all others, with the standing of each contender. */
interface Race {
  readonly contention: Contention;
  readonly standingOf: ReadonlyMap<Contender, Standing>;
}

function varianceOfMean({ standing, trainingVariance }: Prospect): number {
  return trainingVariance / countResults(standing);
}

function contend(batch: Batch, leader: Prospect, rival: Prospect): Contender {
  const { standing, gap, deviation, trainingVariance } = rival;
  // What is known of all candidates together makes the difference less uncertain than the two means alone.
  const uncertain = varianceOfMean(leader) + varianceOfMean(rival);
  return {
    gap,
    variance: trainingVariance,
    remainder: uncertain > 0 ? deviation ** 2 / uncertain : 0,
    cost: standing.candidate.macs,
    trainings: countTrainings(standing),
    open: seedsLeft(batch, standing).length > 0,
  };
}

/** Null where nothing tells how far chance carries results. */
function startRace(batch: Batch, prospects: readonly Prospect[], { indifference, confidence }: Racing): Race | null {
  const [best] = prospects;
  if (best === undefined || prospects.some(({ deviation }) => deviation === Infinity)) return null;
  const standingOf = new Map(prospects.map((one) => [contend(batch, best, one), one.standing]));
  const [leader, ...rivals] = standingOf.keys();
  if (leader === undefined) return null;
  return { contention: { leader, rivals, indifference, error: 1 - confidence }, standingOf };
}

/**
 * Seeds for those that may be the best, until that is expected to be enough; at least `least` of them, as far as any may
 * change the answer.
 */
function assignRace(batch: Batch, { contention, standingOf }: Race, least: number): void {
  const enough = batch.assignments.length + least;
  while (!isFull(batch) && (batch.assignments.length < enough || remainingError(contention) > contention.error)) {
    const chosen = chooseContender(contention);
    const standing = chosen === null ? undefined : standingOf.get(chosen);
    if (chosen === null || standing === undefined) return;
    const isAssigned = assignNextSeed(batch, standing, null);
    if (isAssigned) chosen.trainings += 1;
    chosen.open = isAssigned && seedsLeft(batch, standing).length > 0;
  }
}

/** The search cannot end yet where a single rival is as likely as this to be better, in multiples of the error allowed. */
const hopelessError = 5;
/** While trainings are under way, it is asked whether that is sure each time that the results have grown by this factor. */
const growthBetweenLooks = 1.15;

function countResultsUpTo(standings: readonly Standing[], latest: number): number {
  return standings.reduce((sum, { trainings }) => {
    return (
      sum +
      trainings.filter(({ epochs, state, round }) => epochs === null && state === 'reached' && round <= latest).length
    );
  }, 0);
}

function isTimeToLook(standings: readonly Standing[], round: number): boolean {
  const looks = (latest: number): number =>
    Math.floor(Math.log(Math.max(1, countResultsUpTo(standings, latest))) / Math.log(growthBetweenLooks));
  return looks(round - 2) > looks(round - 3);
}

/** What is known says nothing of a finalist that has no result yet, or never will have one. */
function isComplete(finalists: readonly Standing[]): boolean {
  return finalists.every((standing) => standing.failure !== null || countResults(standing) > 0);
}

/**
 * The quick estimate says what to do while it shows that the search cannot end yet, and between looks: how sure the answer
 * is stays open then. Otherwise the joint posterior says both.
 */
function weighIfClose(batch: Batch, round: number, finalists: readonly Standing[], strategy: Racing): Weighed {
  const prospects = estimateProspects(finalists);
  const leader = prospects[0]?.standing.candidate.fingerprint ?? null;
  const open = { evidence: { ...noEvidence, leader }, prospects };
  if (!isComplete(finalists)) return open;
  const race = startRace(batch, prospects, strategy);
  const isClose = race !== null && largestError(race.contention) <= hopelessError * (1 - strategy.confidence);
  if (finalists.some(isUnderWay) && !(isClose && isTimeToLook(finalists, round))) return open;
  const weighed = weigh(finalists, strategy.indifference, prospects);
  return weighed.prospects.length > 0 ? weighed : { ...weighed, prospects };
}

function isSure({ probabilityBest, probabilityIndifferent }: Decision['evidence'], { confidence }: Racing): boolean {
  return Math.max(probabilityBest ?? 0, probabilityIndifferent ?? 0) >= confidence;
}

function stopOf(batch: Batch, evidence: Decision['evidence'], strategy: Racing, isSound: boolean): Decision['stop'] {
  if (isSound && isSure(evidence, strategy)) {
    return (evidence.probabilityBest ?? 0) >= strategy.confidence ? 'confidence' : 'indifference';
  }
  return batch.overBudget ? 'budget' : 'exhausted';
}

/** The decision of a round after the opening ones. It is over once nothing is under way and nothing is worth assigning. */
export function decideRacing(
  request: AllocationRequest,
  strategy: Racing,
  { round, standings }: { round: number; standings: readonly Standing[] },
): Omit<Decision, 'round' | 'drops'> {
  const batch = emptyBatch(request, strategy, spendingOf(request, standings));
  const { steps, finalists, isSettled } = climbOnce(request, strategy, standings);
  assignSteps(batch, steps);
  const { evidence, prospects } = isSettled
    ? weighIfClose(batch, round, finalists, strategy)
    : { evidence: noEvidence, prospects: [] };
  const isWaiting = standings.some(isUnderWay);
  if (prospects.length > 1) {
    assignPilot(batch, finalists, prospects);
    // What is sure already is confirmed by what is under way, before the search ends.
    const race = isSure(evidence, strategy) ? null : startRace(batch, prospects, strategy);
    // Where everything is known and is not enough, the estimate of what would be enough has been too low.
    if (race !== null) assignRace(batch, race, isWaiting ? 0 : Math.ceil(strategy.batch / 2));
  }
  const isOver = batch.assignments.length === 0 && !isWaiting;
  const stop = isOver ? stopOf(batch, evidence, strategy, prospects.length > 0) : null;
  return { assignments: batch.assignments, stop, evidence };
}
