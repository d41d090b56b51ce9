import { setImmediate } from 'node:timers/promises';

import type { Epoch, ResumePoint, TrainedResult, TrainingEvent, TrialSpecification } from '@compound-search/contracts';
import { randomStream, shuffle } from '@compound-search/random';

import type { Checkpoints, OpenEpoch, Progress } from './checkpoints.ts';
import { isNoBetterThanChance, largestClassShare, requireFinite, StoppedTrainingError } from './divergence.ts';
import type { PreparedData } from './prepared-data.ts';
import type { Evaluation, StepOutcome, Trainer } from './trainer.ts';
import { warningOf } from './warning.ts';

/** Milliseconds between two progress events. */
const progressInterval = 500;

/** Between two checkpoints at most, so that a power cut in a long epoch costs no more. */
const checkpointSeconds = 60;

const noStepsYet: OpenEpoch = { steps: 0, loss: 0, correct: 0, learningRate: 0, seconds: 0 };

/** Thrown inside a training that was cancelled; it ends as `cancelled`. */
export class CancelledError extends Error {}

/** What the epochs of a training need of its trainer. */
export type SteppedTrainer = Pick<
  Trainer,
  'length' | 'initialize' | 'announce' | 'step' | 'evaluate' | 'save' | 'restore' | 'weightsHash'
>;

/** What a training works with. */
export interface TrainingEquipment {
  readonly specification: TrialSpecification;
  /** Which images train, rank and test, and the classes of all. */
  readonly data: Pick<PreparedData, 'labels' | 'train' | 'validation' | 'test'>;
  /** Initialized. */
  readonly trainer: SteppedTrainer;
  readonly checkpoints: Checkpoints;
  readonly report: (event: TrainingEvent) => Promise<void>;
  /** Cancels the training between two steps. */
  readonly signal: AbortSignal;
  /** Between two checkpoints at most, in seconds. @defaultValue 60 */
  readonly checkpointSeconds?: number | undefined;
}

/** The epochs of one trial, from the start or from a checkpoint to the result. */
export class Training {
  readonly #equipment: TrainingEquipment;
  readonly #chance: number;
  #epochs: Epoch[] = [];
  #openEpoch = noStepsYet;
  #step = 0;
  #trainingSeconds = 0;
  /** The first step is told at once: it says that the training is under way. */
  #lastProgress = -Infinity;
  #lastCheckpoint = performance.now();
  #hasWarnedOfWriting = false;

  constructor(equipment: TrainingEquipment) {
    this.#equipment = equipment;
    this.#chance = largestClassShare(equipment.data.labels, equipment.data.train);
  }

  /** Goes on from the furthest checkpoint of any attempt. @returns where; null where there is none. */
  async resume(): Promise<ResumePoint | null> {
    const progress = await this.#restore();
    if (progress === null) return null;
    this.#epochs = [...progress.epochs];
    this.#openEpoch = progress.openEpoch;
    this.#step = progress.step;
    this.#trainingSeconds = progress.trainingSeconds;
    return { epoch: this.#epochs.length, step: this.#step };
  }

  /** Reports the epochs before the checkpoint again: the learning curve of every attempt is whole. */
  async reportEpochs(): Promise<void> {
    for (const epoch of this.#epochs) await this.#equipment.report({ type: 'epoch', epoch });
  }

  /** A checkpoint that cannot be read costs the time since the one before it and nothing else, so it is only told of. */
  async #restore(): Promise<Progress | null> {
    const { checkpoints, trainer, specification } = this.#equipment;
    try {
      for await (const directory of checkpoints.furthestFirst()) {
        try {
          const checkpoint = await checkpoints.read(directory);
          if (checkpoint === null) continue;
          trainer.restore(checkpoint.prefix);
          return checkpoint.progress;
        } catch (error) {
          await this.#warn(`The checkpoint ${directory} cannot be read, so the training goes on without it`, error);
          // A part of the variables may have been put back.
          trainer.initialize(specification.seed);
        }
      }
    } catch (error) {
      await this.#warn('The checkpoints cannot be looked for, so the training starts over', error);
    }
    return null;
  }

  /** A checkpoint is a convenience: a full disk must not end a trial. It is told of once, and tried every time. */
  async #writeCheckpoint(): Promise<void> {
    const { checkpoints, trainer } = this.#equipment;
    this.#lastCheckpoint = performance.now();
    const progress = {
      step: this.#step,
      epochs: this.#epochs,
      openEpoch: this.#openEpoch,
      trainingSeconds: this.#trainingSeconds,
    };
    try {
      await checkpoints.write(progress, (prefix) => trainer.save(prefix));
    } catch (error) {
      if (this.#hasWarnedOfWriting) return;
      this.#hasWarnedOfWriting = true;
      await this.#warn('The checkpoint cannot be written; should the trial be interrupted, it loses more time', error);
    }
  }

  #warn(what: string, error: unknown): Promise<void> {
    return this.#equipment.report(warningOf(what, error));
  }

  /** Epochs that are done. */
  get epochs(): number {
    return this.#epochs.length;
  }

  /**
   * A training that is cancelled leaves a checkpoint of its last step: a worker that shuts down loses seconds of it and
   * no epoch.
   *
   * @returns null where it pauses before its end. @throws StoppedTrainingError, CancelledError
   */
  async run(): Promise<TrainedResult | null> {
    try {
      return await this.#train();
    } catch (error) {
      if (error instanceof CancelledError && this.#step > 0) await this.#writeCheckpoint();
      throw error;
    }
  }

  async #train(): Promise<TrainedResult | null> {
    const { trainer, data, specification } = this.#equipment;
    const { epochs: pauseAfter = Infinity } = specification;
    while (this.#step < trainer.length.steps) {
      // Asked first, since it may have gone on from the very checkpoint at which it is to pause.
      if (this.epochs >= pauseAfter) return null;
      await this.#epoch(this.epochs + 1);
      if (this.#step >= trainer.length.steps) break;
      await this.#writeCheckpoint();
    }
    const test = data.test.length === 0 ? null : await this.#evaluate(data.test);
    const last = this.#epochs.at(-1);
    if (last === undefined) throw new Error('A training has at least one epoch');
    return {
      validationAccuracy: last.validationAccuracy,
      validationLoss: last.validationLoss,
      testAccuracy: test?.accuracy ?? null,
      steps: this.#step,
      imagesPerSecond: (this.#step * specification.recipe.batchSize) / this.#trainingSeconds,
      weightsHash: trainer.weightsHash(),
    };
  }

  async #epoch(number: number): Promise<void> {
    const { data, specification, report } = this.#equipment;
    const started = performance.now() - this.#openEpoch.seconds * 1000;
    await this.#trainEpoch(number, started);
    const { steps, loss, correct, learningRate } = this.#openEpoch;
    const images = steps * specification.recipe.batchSize;
    const validation = await this.#evaluate(data.validation);
    const epoch: Epoch = {
      epoch: number,
      step: this.#step,
      learningRate,
      trainLoss: loss / steps,
      trainAccuracy: correct / images,
      validationLoss: validation.loss,
      validationAccuracy: validation.accuracy,
      seconds: secondsSince(started),
    };
    this.#epochs.push(epoch);
    this.#openEpoch = noStepsYet;
    await report({ type: 'epoch', epoch });
    this.#requireLearning(number, { images, correct });
  }

  /** The steps of an epoch, whose order of images is its own; the last epoch may be a part of one. */
  async #trainEpoch(number: number, started: number): Promise<void> {
    const { data, specification, trainer, checkpointSeconds: patience = checkpointSeconds } = this.#equipment;
    const { batchSize } = specification.recipe;
    const order = shuffle(data.train.slice(), randomStream(specification.seed, `data-order/${number}`));
    const first = this.#openEpoch.steps;
    const steps = Math.min(trainer.length.stepsPerEpoch, trainer.length.steps - this.#step + first);
    trainer.announce(order.subarray(first * batchSize, steps * batchSize), batchSize);
    for (let batch = first; batch < steps; batch += 1) {
      const stepStarted = performance.now();
      const outcome = this.#trainStep(order.subarray(batch * batchSize, (batch + 1) * batchSize));
      this.#openEpoch = withStep(this.#openEpoch, outcome, secondsSince(started));
      // Before the signal is heard: the checkpoint that it leaves holds this step, and so its time.
      this.#trainingSeconds += secondsSince(stepStarted);
      await this.#breathe();
      await this.#tellProgress(outcome.loss);
      if (secondsSince(this.#lastCheckpoint) >= patience) await this.#writeCheckpoint();
    }
  }

  #trainStep(indices: Int32Array): StepOutcome {
    const { trainer, specification } = this.#equipment;
    const outcome = trainer.step(indices, { step: this.#step, seed: specification.seed });
    this.#step += 1;
    requireFinite(outcome.loss, this.#step);
    return outcome;
  }

  async #tellProgress(loss: number): Promise<void> {
    if (performance.now() - this.#lastProgress < progressInterval) return;
    this.#lastProgress = performance.now();
    await this.#equipment.report({ type: 'progress', step: this.#step, loss });
  }

  async #evaluate(indices: Int32Array): Promise<Evaluation> {
    const evaluation = await this.#equipment.trainer.evaluate(indices, () => this.#breathe());
    requireFinite(evaluation.loss, this.#step);
    return evaluation;
  }

  #requireLearning(epoch: number, trained: { readonly images: number; readonly correct: number }): void {
    const { stopAtChanceAfterEpochs } = this.#equipment.specification.recipe;
    if (epoch < stopAtChanceAfterEpochs || !isNoBetterThanChance({ ...trained, chance: this.#chance })) return;
    const accuracy = ((100 * trained.correct) / trained.images).toFixed(1);
    throw new StoppedTrainingError(
      'TRIAL_AT_CHANCE',
      `The training accuracy is ${accuracy} % after ${epoch} epochs, no better than chance`,
      {
        step: this.#step,
        remedy: 'Use another learning rate or a longer warm-up, or raise recipe.stopAtChanceAfterEpochs.',
      },
    );
  }

  /** Lets messages in between two calls to TensorFlow, which block the thread. */
  async #breathe(): Promise<void> {
    await setImmediate();
    if (this.#equipment.signal.aborted) throw new CancelledError();
  }
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}

function withStep(epoch: OpenEpoch, { loss, correct, learningRate }: StepOutcome, seconds: number): OpenEpoch {
  return {
    steps: epoch.steps + 1,
    loss: epoch.loss + loss,
    correct: epoch.correct + correct,
    learningRate,
    seconds,
  };
}
