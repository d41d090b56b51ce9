import { createHash } from 'node:crypto';

import type { Engine, Epoch, TrainedResult, TrialSpecification } from '@compound-search/contracts';
import type { TrainingEnd } from '@compound-search/training';

import type { StartTraining } from '../../apps/worker/src/run-trial.ts';
import type { LeftFiles } from '../../apps/worker/src/sweep-left-files.ts';

const STEPS_PER_EPOCH = 10;
/** Standard deviations of what a network and of what a seed adds are of one order, as those of short trainings are. */
const SPREAD = 0.02;

/** What such trainings run on. */
export const engine: Engine = {
  tensorflow: 'none',
  device: 'cpu',
  platform: process.platform,
  threads: 1,
  settings: '',
  program: '',
  datasetHash: 'a'.repeat(64),
  fingerprint: 'b'.repeat(64),
};

/** Says which trainings fail. */
export type Fails = (specification: TrialSpecification) => boolean;

/**
 * Trainings that compute nothing and take no time: they report what every training does, with accuracies that network and
 * seed decide, so that what is left of a trial is what the service does about it.
 */
export function instantTrainings(fails: Fails = () => false): StartTraining {
  return (specification, { onEvent }) => {
    const { seed, recipe, epochs: pauseAfter = recipe.epochs } = specification;
    const trained = Math.min(pauseAfter, recipe.epochs);
    onEvent({ type: 'started', engine, steps: recipe.epochs * STEPS_PER_EPOCH, resumedFrom: null });
    for (let epoch = 1; epoch <= trained; epoch += 1) onEvent({ type: 'epoch', epoch: epochOf(specification, epoch) });
    const end: TrainingEnd = fails(specification)
      ? { type: 'failed', failure: { code: 'TRIAL_DIVERGED', message: `Seed ${seed} diverges`, step: 1 } }
      : endOf(specification, trained);
    onEvent(end);
    return {
      pid: undefined,
      ended: Promise.resolve(end),
      lastWords: '',
      cancel: () => undefined,
      kill: () => undefined,
    };
  };
}

/** On a machine on which trainings leave nothing. */
export const noFiles: LeftFiles = {
  listCheckpoints: () => Promise.resolve([]),
  removeCheckpoints: () => Promise.resolve(),
  listGraphUsers: () => Promise.resolve([]),
  removeGraphsOf: () => Promise.resolve(),
};

function endOf(specification: TrialSpecification, trained: number): TrainingEnd {
  const { purpose, recipe } = specification;
  if (trained < recipe.epochs) return { type: 'paused', epoch: trained };
  const result = resultOf(specification);
  return purpose === 'model'
    ? { type: 'completed', result, savedModel: Buffer.from('model') }
    : { type: 'completed', result };
}

function epochOf(specification: TrialSpecification, epoch: number): Epoch {
  const accuracy = accuracyOf(specification) * (1 - 1 / (1 + epoch));
  return {
    epoch,
    step: epoch * STEPS_PER_EPOCH,
    learningRate: 0.01,
    trainLoss: 1 / epoch,
    trainAccuracy: accuracy,
    validationLoss: 1 - accuracy,
    validationAccuracy: accuracy,
    seconds: 0,
  };
}

function resultOf(specification: TrialSpecification): TrainedResult {
  const { purpose, fingerprint, seed, recipe } = specification;
  const accuracy = accuracyOf(specification);
  return {
    validationAccuracy: accuracy,
    validationLoss: 1 - accuracy,
    testAccuracy: purpose === 'ranking' ? null : accuracy - SPREAD,
    steps: recipe.epochs * STEPS_PER_EPOCH,
    imagesPerSecond: 1000,
    weightsHash: hashOf(`${fingerprint} ${seed}`).toString('hex'),
  };
}

function accuracyOf({ fingerprint, seed }: TrialSpecification): number {
  return 0.9 + SPREAD * (uniform(fingerprint) + uniform(`${fingerprint} ${seed}`));
}

/** A number in [0, 1) that the text decides. */
function uniform(text: string): number {
  return hashOf(text).readUInt32BE() / 2 ** 32;
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
