import { type RecipeInput, recipeSchema } from '@compound-search/contracts';
import { beforeAll, describe, expect, it } from 'vitest';

import type { Elements } from '../../src/tensorflow/session.ts';
import type { PreparedData } from '../../src/trial/prepared-data.ts';
import type { Trainer } from '../../src/trial/trainer.ts';
import { createShapesTrainer } from '../shapes-trainer.ts';

/** A weight of a convolution, which decays, and a scale of batch normalization, which does not. */
const decayed = 'head/features/convolution/kernel';
const undecayed = 'head/features/normalization/scale';
const rate = 0.05;
const steps = 3;

type Variables = Record<string, Elements>;
let data: PreparedData;
let start: Variables;
/** Of the cross entropy at the start, by variable. */
let gradients: ReadonlyMap<string, readonly number[]>;

/** No randomness in a step, so that the same weights and images give the same gradients. */
const constantRate = { learningRate: rate, warmupEpochs: 0, learningRateDecay: 1, dropout: 0, stochasticDepth: 0 };

async function createTrainer(changes: RecipeInput): Promise<Trainer> {
  const created = await createShapesTrainer(recipeSchema.parse({ ...constantRate, ...changes }));
  data = created.data;
  return created.trainer;
}

/** Weights after each of three steps that all start at the same weights, so that each has the same gradient. */
async function movesOf(changes: RecipeInput) {
  const trainer = await createTrainer(changes);
  trainer.initialize(1);
  const moves: Variables[] = [];
  for (let step = 0; step < steps; step += 1) {
    trainer.step(data.train.subarray(0, 32), { step, seed: 1 });
    const after = trainer.exportVariables();
    moves.push(after);
    trainer.importVariables({ ...after, ...start });
  }
  await trainer.close();
  return moves;
}

beforeAll(async () => {
  // With a rate of 1 and no momentum, what SGD keeps is the gradient itself, with the other sign.
  const sgd: RecipeInput = {
    optimizer: { kind: 'sgd', momentum: 0, nesterov: false },
    learningRate: 1,
    weightDecay: 0,
  };
  const trainer = await createTrainer(sgd);
  trainer.initialize(1);
  const all = trainer.exportVariables();
  start = Object.fromEntries(Object.entries(all).filter(([name]) => !name.endsWith('/momentum')));
  trainer.step(data.train.subarray(0, 32), { step: 0, seed: 1 });
  const kept = trainer.exportVariables();
  gradients = new Map(
    Object.keys(start)
      .filter((name) => kept[`${name}/momentum`] !== undefined)
      .map((name) => [name, Array.from(kept[`${name}/momentum`] ?? [], (value) => -value)]),
  );
  await trainer.close();
});

interface Element {
  readonly weight: number;
  readonly gradient: number;
  /** 0 where the weight does not decay. */
  readonly decay: number;
}

/** The weight after steps 1, 2 and 3, each from the same weight. */
type Rule = (element: Element) => number[];

const weightDecay = 0.1;
const count = Array.from({ length: steps }, (_, index) => index + 1);

/** Written from the papers, not from the graph. */
const rules: readonly (readonly [string, RecipeInput, Rule])[] = [
  [
    'RMSProp with momentum, epsilon inside the root, mean squares from 1 and L2 in the gradient',
    { optimizer: { kind: 'rmsprop', decay: 0.8, momentum: 0.7, epsilon: 0.01 } },
    ({ weight, gradient, decay }) => {
      let meanSquare = 1;
      let momentum = 0;
      const g = gradient + decay * weight;
      return count.map(() => {
        meanSquare = 0.8 * meanSquare + 0.2 * g * g;
        momentum = 0.7 * momentum + (rate * g) / Math.sqrt(meanSquare + 0.01);
        return weight - momentum;
      });
    },
  ],
  [
    'SGD with momentum and L2 in the gradient',
    { optimizer: { kind: 'sgd', momentum: 0.6, nesterov: false } },
    ({ weight, gradient, decay }) => {
      let velocity = 0;
      return count.map(() => {
        velocity = 0.6 * velocity - rate * (gradient + decay * weight);
        return weight + velocity;
      });
    },
  ],
  [
    "SGD with Nesterov's momentum, which looks one step ahead",
    { optimizer: { kind: 'sgd', momentum: 0.6, nesterov: true } },
    ({ weight, gradient, decay }) => {
      let velocity = 0;
      const g = gradient + decay * weight;
      return count.map(() => {
        velocity = 0.6 * velocity - rate * g;
        return weight + 0.6 * velocity - rate * g;
      });
    },
  ],
  [
    'AdamW with corrected moments and a decay beside the gradient',
    { optimizer: { kind: 'adamw', beta1: 0.8, beta2: 0.9, epsilon: 1e-6 } },
    ({ weight, gradient, decay }) => {
      let first = 0;
      let second = 0;
      return count.map((step) => {
        first = 0.8 * first + 0.2 * gradient;
        second = 0.9 * second + 0.1 * gradient * gradient;
        const corrected = Math.sqrt(1 - 0.9 ** step) / (1 - 0.8 ** step);
        return (1 - rate * decay) * weight - (rate * corrected * first) / (Math.sqrt(second) + 1e-6);
      });
    },
  ],
];

describe('the optimizer', () => {
  it.each(rules)('is %s', async (_, recipe, rule) => {
    const moves = await movesOf({ ...recipe, weightDecay });
    for (const name of [decayed, undecayed]) {
      const decay = name === decayed ? weightDecay : 0;
      const weights = Array.from(start[name] ?? []);
      const expected = weights.map((weight, index) =>
        rule({ weight, decay, gradient: gradients.get(name)?.[index] ?? NaN }),
      );
      expect(weights.length).toBeGreaterThan(10);
      moves.forEach((move, step) => {
        weights.forEach((weight, index) => {
          const found = (move[name]?.[index] ?? NaN) - weight;
          const wanted = (expected[index]?.[step] ?? NaN) - weight;
          expect(Math.abs(found - wanted), `${name} ${index} in step ${step}: ${found} for ${wanted}`).toBeLessThan(
            1e-6 + 1e-3 * Math.abs(wanted),
          );
        });
      });
    }
  });

  it('scales all gradients down together where their norm is above the limit, before the weight decay', async () => {
    const norm = Math.sqrt([...gradients.values()].flat().reduce((sum, value) => sum + value * value, 0));
    const sgd: RecipeInput = { optimizer: { kind: 'sgd', momentum: 0, nesterov: false }, weightDecay };
    for (const limit of [norm / 3, norm * 3]) {
      const [move] = await movesOf({ ...sgd, gradientClipNorm: limit });
      const weights = Array.from(start[decayed] ?? []);
      weights.forEach((weight, index) => {
        const clipped = (gradients.get(decayed)?.[index] ?? NaN) * Math.min(1, limit / norm);
        const found = (move?.[decayed]?.[index] ?? NaN) - weight;
        expect(found).toBeCloseTo(-rate * (clipped + weightDecay * weight), 6);
      });
    }
  });
});
