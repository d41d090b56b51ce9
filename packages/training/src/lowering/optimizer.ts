import type { OptimizerRecipe, Recipe } from '@compound-search/contracts';
import {
  add,
  cast,
  constant,
  gradients,
  type Graph,
  mul,
  type Operation,
  pow,
  resourceApplyAdam,
  resourceApplyKerasMomentum,
  resourceApplyRmsProp,
  sub,
  type Tensor,
  Variable,
} from '@compound-search/graph';

import { clipByGlobalNorm } from './clip-by-global-norm.ts';
import type { InitialValue, NetworkVariable } from './network-variables.ts';

/** What the optimizer keeps for one trained variable, by the slots' names. */
export interface OptimizerSlots {
  readonly trained: NetworkVariable;
  readonly slots: readonly { readonly variable: Variable; readonly initial: InitialValue }[];
}

/** What one step gives an update, beside the gradient. */
interface UpdateSetting {
  /** float32 [] */
  readonly learningRate: Tensor;
  /** int32 [], from 0. */
  readonly step: Tensor;
  /** Of this variable; 0 where it has none. */
  readonly weightDecay: number;
}

type Update = (variable: Variable, gradient: Tensor, slots: readonly Variable[], setting: UpdateSetting) => Operation;
type Kind = OptimizerRecipe['kind'];
type RecipeOf<K extends Kind> = Extract<OptimizerRecipe, { readonly kind: K }>;

interface Optimizer<K extends Kind> {
  /** Names and starts of the slots, in the order in which `update` takes them. */
  readonly slots: readonly { readonly name: string; readonly start: number }[];
  readonly update: (recipe: RecipeOf<K>) => Update;
}

const optimizers: { readonly [K in Kind]: Optimizer<K> } = {
  /**
   * ms = decay ms + (1 - decay) g^2, m = momentum m + rate g / sqrt(ms + epsilon), w = w - m. Mean squares start at 1 as
   * in tf.compat.v1.train.RMSPropOptimizer, which the paper's code uses; that damps the first steps, where an average
   * over few gradients says little.
   */
  rmsprop: {
    slots: [
      { name: 'meanSquare', start: 1 },
      { name: 'momentum', start: 0 },
    ],
    update: (recipe) => (variable, gradient, slots, setting) =>
      resourceApplyRmsProp(variable, withL2(variable, gradient, setting), {
        ...recipe,
        learningRate: setting.learningRate,
        meanSquare: at(slots, 0),
        momentumAccumulator: at(slots, 1),
      }),
  },
  /** v = momentum v - rate g; w = w + v, or with Nesterov w = w + momentum v - rate g (Sutskever et al. 2013). */
  sgd: {
    slots: [{ name: 'momentum', start: 0 }],
    update: (recipe) => (variable, gradient, slots, setting) =>
      resourceApplyKerasMomentum(variable, withL2(variable, gradient, setting), {
        ...recipe,
        learningRate: setting.learningRate,
        accumulator: at(slots, 0),
      }),
  },
  /** w = (1 - rate weightDecay) w, then Adam's step with corrected moments (Loshchilov & Hutter 2019, algorithm 2). */
  adamw: {
    slots: [
      { name: 'firstMoment', start: 0 },
      { name: 'secondMoment', start: 0 },
    ],
    update: (recipe) => (variable, gradient, slots, setting) => {
      const { learningRate, weightDecay } = setting;
      const adam = (): Operation =>
        resourceApplyAdam(variable, gradient, {
          ...recipe,
          learningRate,
          firstMoment: at(slots, 0),
          secondMoment: at(slots, 1),
          beta1Power: powerAfter(recipe.beta1, setting.step),
          beta2Power: powerAfter(recipe.beta2, setting.step),
        });
      if (weightDecay === 0) return adam();
      const kept = sub(constant(gradient.graph, 1), mul(learningRate, weightDecay));
      return gradient.graph.after([variable.assign(mul(variable.read(), kept))], adam);
    },
  },
};

export function createOptimizerSlots(
  graph: Graph,
  trained: NetworkVariable,
  { optimizer }: Pick<Recipe, 'optimizer'>,
): OptimizerSlots {
  const { name: trainedName, shape } = trained.variable;
  const slots = optimizers[optimizer.kind].slots.map(({ name, start }) => ({
    variable: new Variable(graph, { name: `${trainedName}/${name}`, shape }),
    initial: { kind: 'constant', value: start } as const,
  }));
  return { trained, slots };
}

/** One update of every trained variable, at this step's learning rate. */
export function optimizerUpdates(
  loss: Tensor,
  slots: readonly OptimizerSlots[],
  { recipe, learningRate, step }: { recipe: Recipe; learningRate: Tensor; step: Tensor },
): Operation[] {
  const update = updateOf(recipe.optimizer);
  const found = gradients(
    loss,
    slots.map(({ trained }) => trained.variable.read()),
  );
  const clipped = recipe.gradientClipNorm === undefined ? found : clipByGlobalNorm(found, recipe.gradientClipNorm);
  return slots.map(({ trained, slots: kept }, index) =>
    update(
      trained.variable,
      at(clipped, index),
      kept.map(({ variable }) => variable),
      { learningRate, step, weightDecay: trained.decayed ? recipe.weightDecay : 0 },
    ),
  );
}

function updateOf<K extends Kind>(recipe: RecipeOf<K>): Update {
  const kind: K = recipe.kind;
  return optimizers[kind].update(recipe);
}

/** Weight decay adds `weightDecay` w to the gradient, which is the gradient of the L2 loss weightDecay / 2 |w|^2. */
function withL2(variable: Variable, gradient: Tensor, { weightDecay }: UpdateSetting): Tensor {
  return weightDecay === 0 ? gradient : add(gradient, mul(variable.read(), weightDecay));
}

/** beta to the power of the number of steps done after this one; one operation for all variables. */
function powerAfter(beta: number, step: Tensor): Tensor {
  const { graph } = step;
  return graph.memoize(`${beta} to the power of the step`, () =>
    graph.atRoot(() => pow(constant(graph, beta), add(cast(step, 'float32'), 1))),
  );
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new Error(`There is no value ${index}`);
  return value;
}
