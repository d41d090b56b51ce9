/**
 * A training child whose steps compute nothing: the messages, epochs, rungs and checkpoints are those of every training,
 * the network and its data are stood in for (stand-in-trainer.ts). A trial takes a second, and starts without TensorFlow.
 */
import type { Engine, TrialSpecification } from '@compound-search/contracts';

import { trainingFolderOfEnvironment } from '../../../packages/training/src/process/env.ts';
import { serveTrainings, type TrainingSurroundings } from '../../../packages/training/src/process/serve-trainings.ts';
import type { TrainingEnd } from '../../../packages/training/src/process/training-process.ts';
import { checkpointFolder, Checkpoints } from '../../../packages/training/src/trial/checkpoints.ts';
import { CancelledError, Training } from '../../../packages/training/src/trial/training.ts';
import { StandInTrainer } from './stand-in-trainer.ts';

const engine: Engine = {
  tensorflow: 'none',
  device: 'cpu',
  platform: process.platform,
  threads: 1,
  settings: '',
  program: '',
  datasetHash: 'a'.repeat(64),
  fingerprint: 'b'.repeat(64),
};

serveTrainings(train);

async function train(specification: TrialSpecification, surroundings: TrainingSurroundings): Promise<TrainingEnd> {
  const { trialId, attempt, seed, fingerprint } = specification;
  const trainer = new StandInTrainer(specification);
  trainer.initialize(seed);
  const folder = checkpointFolder(trainingFolderOfEnvironment(), trialId);
  const checkpoints = new Checkpoints({ folder, attempt, identity: `${fingerprint} ${seed}` });
  const training = new Training({ ...surroundings, specification, data: dataOf(specification), trainer, checkpoints });
  try {
    const resumedFrom = await training.resume();
    await surroundings.report({ type: 'started', engine, steps: trainer.length.steps, resumedFrom });
    await training.reportEpochs();
    const result = await training.run();
    return result === null ? { type: 'paused', epoch: training.epochs } : { type: 'completed', result };
  } catch (error) {
    if (error instanceof CancelledError) return { type: 'cancelled' };
    throw error;
  }
}

/** Indices of images that are nowhere, of two classes. */
function dataOf({ purpose, recipe }: TrialSpecification) {
  const images = Int32Array.from({ length: 8 * recipe.batchSize }, (_, index) => index);
  return {
    labels: images.map((index) => index % 2),
    train: images,
    validation: images.subarray(0, 10),
    test: purpose === 'ranking' ? images.subarray(0, 0) : images.subarray(0, 20),
  };
}
