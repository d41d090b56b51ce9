import { setImmediate } from 'node:timers/promises';

import {
  CompoundSearchError,
  type Epoch,
  type TrainingEvent,
  type TrialSpecification,
} from '@compound-search/contracts';
import { randomStream, shuffle } from '@compound-search/datasets';

import { loadAddon } from '../tensorflow/addon.ts';
import { describeEngine } from '../tensorflow/engine.ts';
import { prepareData, type PreparedData } from './prepared-data.ts';
import { prepareNetwork } from './prepared-network.ts';
import { type Evaluation, Trainer } from './trainer.ts';

/** Milliseconds between two progress events. */
const progressInterval = 500;

/** A loss that is not finite: the same training would only diverge again. */
export class DivergedError extends CompoundSearchError {
  readonly step: number;

  constructor(step: number, loss: number) {
    super('TRIAL_DIVERGED', `The loss is ${loss} at step ${step}`, { remedy: 'Use a lower learning rate.' });
    this.step = step;
  }
}

/** Thrown inside a training that was cancelled; it ends as `cancelled`. */
class CancelledError extends Error {}

/** The edges of a training. */
export interface TrialContext {
  readonly report: (event: TrainingEvent) => Promise<void>;
  /** Cancels the training between two steps. */
  readonly signal: AbortSignal;
  /** Folder of the data sets in files. */
  readonly dataRoot: string;
}

type LastEvent = Extract<TrainingEvent, { type: 'completed' | 'cancelled' }>;

/**
 * Trains one trial from its specification to its result, reporting on the way.
 *
 * @throws CompoundSearchError where the trial cannot be trained; {@link DivergedError} where its loss is not finite.
 */
export async function trainTrial(specification: TrialSpecification, context: TrialContext): Promise<LastEvent> {
  const addon = loadAddon();
  const data = await prepareData(specification, context.dataRoot);
  const network = prepareNetwork(specification, data);
  const engine = describeEngine(addon, specification.device, data.contentHash);
  const trainer = await Trainer.create(addon, { network, recipe: specification.recipe, data });
  try {
    trainer.initialize(specification.seed);
    const training = new Training(specification, data, { trainer, context });
    await context.report({ type: 'started', engine, steps: training.steps });
    return await training.run();
  } catch (error) {
    if (error instanceof CancelledError) return { type: 'cancelled' };
    throw error;
  } finally {
    trainer.close();
  }
}

/** The epochs of one trial. */
class Training {
  readonly steps: number;
  readonly #specification: TrialSpecification;
  readonly #data: PreparedData;
  readonly #trainer: Trainer;
  readonly #context: TrialContext;
  #step = 0;
  #trainingSeconds = 0;
  #lastProgress = performance.now();

  constructor(
    specification: TrialSpecification,
    data: PreparedData,
    { trainer, context }: { trainer: Trainer; context: TrialContext },
  ) {
    this.#specification = specification;
    this.#data = data;
    this.#trainer = trainer;
    this.#context = context;
    this.steps = trainer.stepsPerEpoch * specification.recipe.epochs;
  }

  async run(): Promise<LastEvent> {
    let validation: Evaluation = { loss: NaN, accuracy: 0 };
    for (let epoch = 1; epoch <= this.#specification.recipe.epochs; epoch += 1) {
      const outcome = await this.#epoch(epoch);
      validation = { loss: outcome.validationLoss, accuracy: outcome.validationAccuracy };
      await this.#context.report({ type: 'epoch', epoch: outcome });
    }
    const test = this.#data.test.length === 0 ? null : await this.#evaluate(this.#data.test);
    const images = this.#step * this.#specification.recipe.batchSize;
    return {
      type: 'completed',
      result: {
        validationAccuracy: validation.accuracy,
        validationLoss: validation.loss,
        testAccuracy: test?.accuracy ?? null,
        steps: this.#step,
        imagesPerSecond: images / this.#trainingSeconds,
        weightsHash: this.#trainer.weightsHash(),
      },
    };
  }

  async #epoch(epoch: number): Promise<Epoch> {
    const started = performance.now();
    const { batchSize } = this.#specification.recipe;
    const order = shuffle(this.#data.train.slice(), randomStream(this.#specification.seed, `data-order/${epoch}`));
    const { stepsPerEpoch } = this.#trainer;
    let loss = 0;
    let correct = 0;
    let learningRate = 0;
    for (let batch = 0; batch < stepsPerEpoch; batch += 1) {
      const outcome = await this.#trainStep(order.subarray(batch * batchSize, (batch + 1) * batchSize));
      loss += outcome.loss;
      correct += outcome.correct;
      learningRate = outcome.learningRate;
    }
    this.#trainingSeconds += (performance.now() - started) / 1000;
    const validation = await this.#evaluate(this.#data.validation);
    return {
      epoch,
      step: this.#step,
      learningRate,
      trainLoss: loss / stepsPerEpoch,
      trainAccuracy: correct / (stepsPerEpoch * batchSize),
      validationLoss: validation.loss,
      validationAccuracy: validation.accuracy,
      seconds: (performance.now() - started) / 1000,
    };
  }

  async #trainStep(indices: Int32Array) {
    const outcome = this.#trainer.step(indices, { step: this.#step, seed: this.#specification.seed });
    this.#step += 1;
    if (!Number.isFinite(outcome.loss)) throw new DivergedError(this.#step, outcome.loss);
    await this.#breathe();
    if (performance.now() - this.#lastProgress >= progressInterval) {
      this.#lastProgress = performance.now();
      await this.#context.report({ type: 'progress', step: this.#step, loss: outcome.loss });
    }
    return outcome;
  }

  async #evaluate(indices: Int32Array): Promise<Evaluation> {
    const evaluation = await this.#trainer.evaluate(indices, () => this.#breathe());
    if (!Number.isFinite(evaluation.loss)) throw new DivergedError(this.#step, evaluation.loss);
    return evaluation;
  }

  /** Lets messages in between two calls to TensorFlow, which block the thread. */
  async #breathe(): Promise<void> {
    await setImmediate();
    if (this.#context.signal.aborted) throw new CancelledError();
  }
}
