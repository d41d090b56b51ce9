import type { Assignment, Decision, Rungs } from '@compound-search/contracts';

import type { Standing, Training } from './standing.ts';

type Epochs = Assignment['epochs'];

/** What a candidate is to be trained to next: on from a rung where it waits, or from the start with its next seed. */
export interface Step {
  readonly standing: Standing;
  /** The training that goes on; null for a new one. */
  readonly training: Training | null;
  readonly epochs: Epochs;
}

/** How candidates of one group climb from rung to rung. */
export interface Climb {
  /** What is to be assigned next, those closest to the end first. */
  readonly steps: readonly Step[];
  readonly drops: Decision['drops'];
  /** Candidates that have got to the last rung, or are to. */
  readonly finalists: readonly Standing[];
  /** Whether it is settled who the finalists are. */
  readonly isSettled: boolean;
}

/**
 * How many of those that have arrived at a rung go on: some while more may arrive, and maybe others when it `isClosed`.
 * It must not fall as more arrive.
 */
export type Quota = (arrived: number, isClosed: boolean) => number;

/** The rungs' epochs in ascending order: powers of the reduction times the fewest epochs, then the end of the recipe. */
export function rungsOf({ minimumEpochs, reduction }: Rungs, epochs: number): Epochs[] {
  const rungs: Epochs[] = [];
  for (let rung = minimumEpochs; rung < epochs; rung *= reduction) rungs.push(rung);
  return [...rungs, null];
}

function valueAt({ trainings }: Standing, rung: Epochs): number | null {
  return trainings.findLast(({ values }) => values.has(rung))?.values.get(rung) ?? null;
}

/** Whether any training of the candidate was sent beyond the rung. */
function isBeyond({ trainings }: Standing, rung: Epochs): boolean {
  return trainings.some(({ epochs }) => (epochs ?? Infinity) > (rung ?? Infinity));
}

interface Arrived {
  readonly standing: Standing;
  readonly value: number;
}

/** Who of the expected has come to a rung. */
interface Arrivals {
  readonly rung: Epochs;
  /** From the best to the worst, those that failed on the way left out. */
  readonly ranked: readonly Arrived[];
  readonly failed: number;
  /** Still to come, with what they need for it; null for those under way. */
  readonly missing: readonly (Step | null)[];
}

function compareArrived(one: Arrived, other: Arrived): number {
  return other.value - one.value || one.standing.candidate.macs - other.standing.candidate.macs;
}

/** What a candidate needs to come to a rung; null while it is under way, undefined where no seed is left for it. */
function stepTo(standing: Standing, rung: Epochs, seeds: number): Step | null | undefined {
  const last = standing.trainings.findLast(({ state }) => state !== 'lost');
  if (last?.state === 'open') return null;
  if (last?.state === 'reached') return { standing, training: last, epochs: rung };
  return standing.trainings.length < seeds ? { standing, training: null, epochs: rung } : undefined;
}

function awaitArrivals(expected: readonly Standing[], rung: Epochs, seeds: number): Arrivals {
  const ranked: Arrived[] = [];
  const missing: (Step | null)[] = [];
  let failed = 0;
  for (const standing of expected) {
    const value = valueAt(standing, rung);
    if (value !== null) {
      ranked.push({ standing, value });
    } else if (standing.failure !== null) {
      failed += 1;
    } else {
      const step = stepTo(standing, rung, seeds);
      if (step !== undefined) missing.push(step);
    }
  }
  return { rung, ranked: ranked.sort(compareArrived), failed, missing };
}

/** Those that go on from a rung: who was sent on before, and the best of the others as far as the quota goes. */
function choose({ rung, ranked, failed }: Arrivals, isClosed: boolean, quota: Quota): Arrived[] {
  const sent = ranked.filter(({ standing }) => isBeyond(standing, rung));
  const waiting = ranked.filter(({ standing }) => !isBeyond(standing, rung) && standing.failure === null);
  const places = quota(ranked.length + failed, isClosed) - sent.length;
  const chosen = new Set([...sent, ...waiting.slice(0, Math.max(0, places))]);
  return ranked.filter((one) => chosen.has(one));
}

function dropOthers({ rung, ranked }: Arrivals, chosen: readonly Arrived[]): Decision['drops'] {
  return ranked.flatMap((one, index) => {
    if (chosen.includes(one) || one.standing.failure !== null) return [];
    const reason = `Place ${index + 1} of ${ranked.length} after ${rung} epochs, of which ${chosen.length} went on.`;
    return [{ fingerprint: one.standing.candidate.fingerprint, epochs: rung, reason }];
  });
}

/**
 * Where the candidates of a group stand on the rungs and who goes on, by the rule of asynchronous successive halving
 * (Li et al. 2018, algorithm 2): the best of those that have arrived at a rung go on before all have. A rung is closed once
 * nobody can arrive any more.
 */
export function climb(group: readonly Standing[], rungs: readonly Epochs[], seeds: number, quota: Quota): Climb {
  const steps: Step[] = [];
  const drops: Decision['drops'] = [];
  let expected = group;
  let isClosed = true;
  for (const rung of rungs.slice(0, -1)) {
    const arrivals = awaitArrivals(expected, rung, seeds);
    isClosed = isClosed && arrivals.missing.length === 0;
    steps.unshift(...arrivals.missing.filter((step) => step !== null));
    const chosen = choose(arrivals, isClosed, quota);
    if (isClosed) drops.push(...dropOthers(arrivals, chosen));
    expected = chosen.map(({ standing }) => standing);
  }
  const last = awaitArrivals(expected, rungs.at(-1) ?? null, seeds);
  steps.unshift(...last.missing.filter((step) => step !== null));
  return { steps, drops, finalists: expected, isSettled: isClosed };
}
