import { setImmediate } from 'node:timers/promises';

import type { Epoch, TrainedResult, TrainingEvent, TrialSpecification } from '@compound-search/contracts';
import { randomStream, shuffle } from '@compound-search/random';

import type { Checkpoints, Progress } from './checkpoints.ts';
import { isNoBetterThanChance, largestClassShare, requireFinite, StoppedTrainingError } from './divergence.ts';
import type { PreparedData } from './prepared-data.ts';
import type { Evaluation, StepOutcome, Trainer } from './trainer.ts';
import { warningOf } from './warning.ts';

/** Milliseconds between two progress events. */
const progressInterval = 500;

/** Thrown inside a training that was cancelled; it ends as `cancelled`. */
export class CancelledError extends Error {}

/** What a training works with. */
export interface TrainingEquipment {
  readonly specification: TrialSpecification;
  readonly data: PreparedData;
  /** Initialized. */
  readonly trainer: Trainer;
  readonly checkpoints: Checkpoints;
  readonly report: (event: TrainingEvent) => Promise<void>;
  /** Cancels the training between two steps. */
  readonly signal: AbortSignal;
}

/** Sums over the steps of an epoch. */
interface EpochSums {
  readonly steps: number;
  readonly loss: number;
  readonly correct: number;
  readonly learningRate: number;
}

/** The epochs of one trial, from the start or from a checkpoint to the result. */
export class Training {
  readonly #equipment: TrainingEquipment;
  readonly #chance: number;
  #epochs: Epoch[] = [];
  #step = 0;
  #trainingSeconds = 0;
  /** The first step is told at once: it says that the training is under way. */
  #lastProgress = -Infinity;
  #hasWarnedOfWriting = false;

  constructor(equipment: TrainingEquipment) {
    this.#equipment = equipment;
    this.#chance = largestClassShare(equipment.data.labels, equipment.data.train);
  }

  /**
   * Goes on from the furthest checkpoint of any attempt, if there is one, and reports the epochs before it again: the
   * learning curve of every attempt is whole.
   */
  async resume(): Promise<void> {
    const { report } = this.#equipment;
    const progress = await this.#restore();
    if (progress === null) return;
    this.#epochs = [...progress.epochs];
    this.#step = this.#epochs.at(-1)?.step ?? 0;
    this.#trainingSeconds = progress.trainingSeconds;
    for (const epoch of this.#epochs) await report({ type: 'epoch', epoch });
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

  /** A checkpoint is a convenience: a full disk must not end a trial. It is told of once, and tried at every epoch. */
  async #writeCheckpoint(): Promise<void> {
    const { checkpoints, trainer } = this.#equipment;
    try {
      await checkpoints.write({ epochs: this.#epochs, trainingSeconds: this.#trainingSeconds }, (prefix) =>
        trainer.save(prefix),
      );
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

  /** @returns null where it pauses before its end. @throws StoppedTrainingError, CancelledError */
  async run(): Promise<TrainedResult | null> {
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
    const { batchSize } = specification.recipe;
    const started = performance.now();
    const { steps, loss, correct, learningRate } = await this.#trainEpoch(number);
    this.#trainingSeconds += (performance.now() - started) / 1000;
    const validation = await this.#evaluate(data.validation);
    const epoch: Epoch = {
      epoch: number,
      step: this.#step,
      learningRate,
      trainLoss: loss / steps,
      trainAccuracy: correct / (steps * batchSize),
      validationLoss: validation.loss,
      validationAccuracy: validation.accuracy,
      seconds: (performance.now() - started) / 1000,
    };
    this.#epochs.push(epoch);
    await report({ type: 'epoch', epoch });
    this.#requireLearning(number, { images: steps * batchSize, correct });
  }

  /** The steps of an epoch, whose order of images is its own; the last epoch may be a part of one. */
  async #trainEpoch(number: number): Promise<EpochSums> {
    const { data, specification, trainer } = this.#equipment;
    const { batchSize } = specification.recipe;
    const order = shuffle(data.train.slice(), randomStream(specification.seed, `data-order/${number}`));
    const steps = Math.min(trainer.length.stepsPerEpoch, trainer.length.steps - this.#step);
    trainer.announce(order.subarray(0, steps * batchSize), batchSize);
    let sums: EpochSums = { steps, loss: 0, correct: 0, learningRate: 0 };
    for (let batch = 0; batch < steps; batch += 1) {
      const { loss, correct, learningRate } = await this.#trainStep(
        order.subarray(batch * batchSize, (batch + 1) * batchSize),
      );
      sums = { steps, loss: sums.loss + loss, correct: sums.correct + correct, learningRate };
    }
    return sums;
  }

  async #trainStep(indices: Int32Array): Promise<StepOutcome> {
    const { trainer, specification, report } = this.#equipment;
    const outcome = trainer.step(indices, { step: this.#step, seed: specification.seed });
    this.#step += 1;
    requireFinite(outcome.loss, this.#step);
    await this.#breathe();
    if (performance.now() - this.#lastProgress >= progressInterval) {
      this.#lastProgress = performance.now();
      await report({ type: 'progress', step: this.#step, loss: outcome.loss });
    }
    return outcome;
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
