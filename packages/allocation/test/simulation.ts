import { type Assignment, type Decision, type Strategy, strategySchema } from '@compound-search/contracts';
import fc from 'fast-check';

import {
  type AllocationRequest,
  type AssignedTraining,
  decideNext,
  openingDecisions,
  type Outcome,
} from '../src/index.ts';

/** A strategy with its defaults, as a request has it. */
export function strategy(fields: Record<string, unknown>): Strategy {
  return strategySchema.parse(fields);
}

/** A request with candidates a, b, c, ... of the given costs. */
export function request(fields: Record<string, unknown>, macs: readonly number[], seeds: number): AllocationRequest {
  return {
    strategy: strategy(fields),
    seeds: Array.from({ length: seeds }, (_, index) => index + 1),
    epochs: 10,
    trainImages: 100,
    candidates: macs.map((cost, index) => ({ fingerprint: String.fromCharCode(97 + index), macs: cost })),
  };
}

export function reached(value: number, seconds = 60): Outcome {
  return { state: 'reached', value, seconds };
}

export type Train = (assignment: Assignment) => Outcome;

export interface Simulated {
  readonly decisions: readonly Decision[];
  readonly assigned: readonly AssignedTraining[];
}

/** Outcomes as decision `round` may see them: those of the round before are not there yet. */
export function hideLatest(assigned: readonly AssignedTraining[], round: number): AssignedTraining[] {
  return assigned.map((one) => (one.round === round - 1 ? { ...one, outcome: { state: 'open' } } : one));
}

const mostRounds = 10_000;

/** A search from its opening to its stop. */
export function simulate(allocation: AllocationRequest, train: Train): Simulated {
  const decisions: Decision[] = [];
  const assigned: AssignedTraining[] = [];
  const take = (decision: Decision): void => {
    decisions.push(decision);
    for (const one of decision.assignments) assigned.push({ ...one, round: decision.round, outcome: train(one) });
  };
  for (const decision of openingDecisions(allocation)) take(decision);
  while (decisions.at(-1)?.stop === null) {
    if (decisions.length > mostRounds) throw new Error('The search does not end.');
    const round = decisions.length + 1;
    take(decideNext(allocation, round, hideLatest(assigned, round)));
  }
  return { decisions, assigned };
}

/** How many assignments each candidate got, in the order of the candidates. */
export function countAssignments({ candidates }: AllocationRequest, { assigned }: Simulated): number[] {
  return candidates.map(({ fingerprint }) => assigned.filter((one) => one.fingerprint === fingerprint).length);
}

const budget = fc.record(
  {
    trials: fc.integer({ min: 1, max: 40 }),
    macsTimesImages: fc.integer({ min: 500, max: 60_000 }),
    trainingMinutes: fc.integer({ min: 1, max: 40 }),
  },
  { requiredKeys: [] },
);
const rungs = fc.record({ minimumEpochs: fc.integer({ min: 1, max: 12 }), reduction: fc.integer({ min: 2, max: 4 }) });
const indifference = fc.constantFrom(0, 0.002, 0.01);
const batch = fc.integer({ min: 1, max: 9 });

export const strategies: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.record({ kind: fc.constant('full'), indifference }),
  fc.record(
    {
      ...{ kind: fc.constant('racing'), indifference, batch, budget, rungs },
      confidence: fc.constantFrom(0.5, 0.9, 0.95, 0.9999),
    },
    { requiredKeys: ['kind', 'batch', 'indifference', 'confidence'] },
  ),
  fc.record(
    { kind: fc.constant('halving'), indifference, batch, budget, rungs, brackets: fc.integer({ min: 1, max: 3 }) },
    { requiredKeys: ['kind', 'batch', 'indifference', 'brackets'] },
  ),
);

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 900, max: 990 }).map((points) => reached(points / 1000)) },
  { weight: 2, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, 1).map((value) => reached(value)) },
  { weight: 1, arbitrary: fc.constant({ state: 'failed' as const, failedBy: 'training' as const }) },
  { weight: 1, arbitrary: fc.constant({ state: 'failed' as const, failedBy: 'infrastructure' as const }) },
);

export interface Case {
  readonly allocation: AllocationRequest;
  readonly train: Train;
}

/** Searches of every kind, with trainings that fail in every way. The same training always has the same outcome. */
export function cases(fields: fc.Arbitrary<Record<string, unknown>> = strategies): fc.Arbitrary<Case> {
  return fc
    .record({
      fields,
      macs: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 }),
      seeds: fc.integer({ min: 1, max: 5 }),
      outcomes: fc.array(outcome, { minLength: 40, maxLength: 40 }),
    })
    .map(({ fields: chosen, macs, seeds, outcomes }) => {
      const allocation = request(chosen, macs, seeds);
      const train: Train = ({ fingerprint, seed, epochs }) =>
        outcomes[(fingerprint.charCodeAt(0) * 7 + seed * 11 + (epochs ?? 0) * 3) % outcomes.length] ?? reached(0.5);
      return { allocation, train };
    });
}
