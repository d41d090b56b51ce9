/**
 * Lowers a network to one TensorFlow graph and trains it in a child process.
 * The worker imports it, the engine benchmark, and the command that measures latency; nothing else may. It is the only importer of @tensorflow/*.
 */
export { measureLatency } from './latency/measure-latency.ts';
export { batchNormalizationOfEnvironment, trainingEnvironment } from './process/env.ts';
export { listCheckpoints, removeCheckpoints, removeOldCheckpoints } from './process/left-checkpoints.ts';
export { listGraphUsers, removeGraphsOf } from './process/left-graphs.ts';
export { startTraining, type TrainingOptions } from './process/start-training.ts';
export { type RunningTraining, type TrainingEnd } from './process/training-process.ts';
export { createWarmProcesses, type WarmProcesses } from './process/warm-processes.ts';
export { loadAddon, type TFJSBinding } from './tensorflow/addon.ts';
export { type PreparedData } from './trial/prepared-data.ts';
export { type Evaluation, type StepOutcome, Trainer, type TrainerRequest } from './trial/trainer.ts';
