/**
 * Lowers a network to one TensorFlow graph and trains it in a child process of its own.
 * The worker imports it, and the engine benchmark; nothing else may. It is the only importer of @tensorflow/*.
 */
export { trainingEnvironment } from './process/env.ts';
export { removeCheckpoints, removeOldCheckpoints } from './process/left-checkpoints.ts';
export { type RunningTraining, startTraining, type TrainingEnd } from './process/start-training.ts';
export { loadAddon, type TFJSBinding } from './tensorflow/addon.ts';
export { type PreparedData } from './trial/prepared-data.ts';
export { type Evaluation, type StepOutcome, Trainer, type TrainerRequest } from './trial/trainer.ts';
