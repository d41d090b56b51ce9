import { createHash } from 'node:crypto';

import { type AssignedTraining, decideNext, openingDecisions } from '@compound-search/allocation';
import {
  type Decision,
  decisionSchema,
  type Epoch,
  type Plan,
  type SearchRequest,
  type SearchRequestInput,
  searchRequestSchema,
  type TrialSpecification,
} from '@compound-search/contracts';
import { findBaseline } from '@compound-search/networks';
import type { ClaimedTrial } from '@compound-search/store';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';

import { reconcile } from '../../src/advance/reconcile.ts';
import { toAllocationRequest } from '../../src/allocation-request.ts';
import { readCoefficients } from '../../src/answer/coefficients.ts';
import { planRequest } from '../../src/plan/plan-request.ts';
import { sampleRequest } from '../sample-request.ts';
import { useRecord } from '../search-service.ts';
import { engine } from '../simulated-worker.ts';

const record = useRecord();
const silent = pino({ level: 'silent' });
const network = findBaseline('efficientnet-micro');
const epochs = 9;
const stepsPerEpoch = 4;

/** A number from 0 to 1 that follows from the words alone. */
function drawn(...words: readonly (string | number)[]): number {
  return createHash('sha256').update(words.join(' ')).digest().readUInt32BE() / 2 ** 32;
}

/** What a training of the world of these tests comes to: a function of candidate and seed. */
function accuracyOf(fingerprint: string, seed: number, epoch: number): number {
  const learned = 1 - 0.4 * 0.6 ** epoch;
  return (0.8 + 0.03 * drawn('mean', fingerprint) + 0.01 * drawn('noise', fingerprint, seed)) * learned;
}

/** The epoch in which a training diverges; most never do. */
function divergesIn(fingerprint: string, seed: number): number {
  const chance = drawn('divergence', fingerprint, seed);
  return chance < 0.1 ? 1 + Math.floor(chance * 10 * epochs) : Infinity;
}

interface Search {
  readonly request: SearchRequest;
  readonly plan: Plan;
}

async function searchWith(changes: Partial<SearchRequestInput>): Promise<Search> {
  const request = searchRequestSchema.parse(
    sampleRequest({ recipe: { epochs }, seeds: [11, 12, 13, 14, 15, 16], reuse: false, ...changes }),
  );
  return { request, plan: await planRequest(request, network, { maximumCandidates: 100 }) };
}

/** The decisions as they are by definition: each knows all results up to two rounds before it, at once. */
function decisionsOf({ request, plan }: Search): Decision[] {
  const allocation = toAllocationRequest(request, plan.candidates);
  const decisions = openingDecisions(allocation);
  while (decisions.at(-1)?.stop === null) {
    const round = decisions.length + 1;
    const assigned = decisions.flatMap((decision) =>
      decision.assignments.map((assignment): AssignedTraining => ({
        ...assignment,
        round: decision.round,
        outcome: decision.round < round - 1 ? outcomeOf(assignment) : { state: 'open' },
      })),
    );
    decisions.push(decideNext(allocation, round, assigned));
  }
  return decisions;
}

function outcomeOf({
  fingerprint,
  seed,
  epochs: assigned,
}: Decision['assignments'][number]): AssignedTraining['outcome'] {
  const last = assigned ?? epochs;
  return divergesIn(fingerprint, seed) <= last
    ? { state: 'failed', failedBy: 'training' }
    : { state: 'reached', value: accuracyOf(fingerprint, seed, last), seconds: last };
}

/** Slots that take trials, finish and lose them in an order that a seed decides. */
class Workers {
  readonly #slots: number;
  readonly #kills: boolean;
  readonly #seed: string;
  readonly #losses = new Map<string, number>();
  readonly #running: ClaimedTrial[] = [];
  #draws = 0;
  deaths = 0;

  constructor(slots: number, kills: boolean) {
    this.#slots = slots;
    this.#kills = kills;
    this.#seed = `${slots} ${kills}`;
  }

  #pick(count: number): number {
    this.#draws += 1;
    return Math.floor(drawn(this.#seed, this.#draws) * count);
  }

  /** Does one thing: takes a trial, ends one, loses one, or lets the reconcilers look. */
  async act(): Promise<void> {
    const action = this.#pick(10);
    if (action < 4 && this.#running.length < this.#slots) await this.#claim();
    else if (action < 7 && this.#running.length > 0) await this.#finish();
    else if (action > 6 && action < 9 && this.#kills && this.#running.length > 0) await this.#die();
    else await Promise.all(Array.from({ length: 1 + this.#pick(2) }, pass));
  }

  async #claim(): Promise<void> {
    const jobs = await record().store.trialsToEnqueue({ queuedSeconds: 0, limit: 20 });
    const job = jobs[this.#pick(jobs.length)];
    if (job === undefined) return pass();
    const claimed = await record().store.claimTrial({ ...job, workerId: 'simulated', leaseSeconds: 600 });
    if (claimed !== null) this.#running.push(claimed);
  }

  #take(): ClaimedTrial {
    const [claimed] = this.#running.splice(this.#pick(this.#running.length), 1);
    if (claimed === undefined) throw new Error('Nothing runs');
    return claimed;
  }

  async #finish(): Promise<void> {
    const { store } = record();
    const { specification, token } = this.#take();
    const { trialId, fingerprint, seed, purpose } = specification;
    const last = specification.epochs ?? epochs;
    const held = { trialId, token };
    if (!(await this.#train(held, specification, last))) {
      await store.failTrial({ ...held, failure: { code: 'TRIAL_DIVERGED', message: 'The loss is NaN', step: 3 } });
    } else if (last < epochs) {
      expect(await store.pauseTrial(held)).toBe(true);
    } else {
      await store.completeTrial({
        ...held,
        result: {
          validationAccuracy: accuracyOf(fingerprint, seed, epochs),
          validationLoss: 1,
          testAccuracy: purpose === 'test' ? accuracyOf(fingerprint, seed, epochs) - 0.01 : null,
          steps: epochs * stepsPerEpoch,
          imagesPerSecond: 100,
          weightsHash: `${fingerprint} ${seed}`,
        },
      });
    }
  }

  /** @returns false where it diverges before. */
  async #train(
    held: { readonly trialId: string; readonly token: string },
    { fingerprint, seed }: TrialSpecification,
    last: number,
  ): Promise<boolean> {
    const { store } = record();
    await store.recordStart({ ...held, engine, steps: epochs * stepsPerEpoch });
    for (let epoch = 1; epoch <= last; epoch += 1) {
      if (divergesIn(fingerprint, seed) <= epoch) return false;
      const validationAccuracy = accuracyOf(fingerprint, seed, epoch);
      await store.recordEpoch({ ...held, epoch: epochOf(epoch, validationAccuracy) });
    }
    return true;
  }

  /** Somewhere on the way, by a lease that runs out or a process that is found dead; never for the third time. */
  async #die(): Promise<void> {
    const { store } = record();
    const { specification, token } = this.#take();
    const { trialId } = specification;
    const losses = this.#losses.get(trialId) ?? 0;
    await this.#train({ trialId, token }, specification, this.#pick(specification.epochs ?? epochs));
    this.deaths += 1;
    if (losses < 2 && this.#pick(2) === 0) {
      this.#losses.set(trialId, losses + 1);
      await store.renewLease({ trialId, token, leaseSeconds: -1, step: 1 });
    } else {
      await store.releaseTrial({ trialId, token });
    }
  }
}

function epochOf(epoch: number, validationAccuracy: number): Epoch {
  return {
    epoch,
    step: epoch * stepsPerEpoch,
    learningRate: 0.008,
    trainLoss: 1,
    trainAccuracy: 0.5,
    validationLoss: 1,
    validationAccuracy,
    seconds: 1,
  };
}

function pass(): Promise<void> {
  return reconcile({ store: record().store, queue: record().queue, log: silent, queuedSeconds: 600 });
}

/** What a search comes to when so many slots run it, times and identifiers aside. */
async function run({ request, plan }: Search, workers: Workers): Promise<{ decisions: Decision[]; answer: string }> {
  const { store } = record();
  const opening = openingDecisions(toAllocationRequest(request, plan.candidates));
  const { searchId } = await store.createSearch({ request, network, plan, opening });
  for (let ended = false; !ended; ended = (await store.getSearch(searchId))?.endedAt !== null) await workers.act();
  const page = await store.listDecisions(searchId, { limit: 1000 });
  const answer = JSON.stringify({ ...(await readCoefficients(store, searchId)), searchId: '' });
  const trials = (await store.getSearch(searchId))?.trials;
  expect(trials).toMatchObject({ queued: 0, running: 0, cancelled: 0 });
  return { decisions: page?.items.map((item) => decisionSchema.parse(item)) ?? [], answer };
}

const strategies = [
  { kind: 'full' },
  { kind: 'racing', batch: 4 },
  { kind: 'racing', batch: 3, rungs: {}, budget: { trials: 14 } },
  { kind: 'halving', batch: 4, brackets: 2 },
] as const satisfies readonly SearchRequestInput['strategy'][];

describe.each(strategies)('a search by the strategy %o', (strategy) => {
  it('comes to the same decisions and the same answer, however many slots there are and whatever dies', async () => {
    const search = await searchWith({ strategy });
    const expected = strategy.kind === 'full' ? [] : decisionsOf(search);
    const answers = new Set<string>();
    let deaths = 0;
    for (const [slots, kills] of [
      [1, false],
      [2, true],
      [4, false],
      [4, true],
    ] as const) {
      const workers = new Workers(slots, kills);
      const { decisions, answer } = await run(search, workers);
      expect(decisions).toEqual(expected);
      answers.add(answer);
      deaths += workers.deaths;
    }
    expect(answers.size).toBe(1);
    expect([...answers][0]).toContain('"state":"completed');
    expect(deaths).toBeGreaterThan(2);
  });
});
