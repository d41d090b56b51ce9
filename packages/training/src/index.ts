/**
 * Lowers a network to one TensorFlow graph and trains it in a child process of its own.
 * The worker imports it; nothing else may. It is the only importer of @tensorflow/*.
 */
export { type RunningTraining, startTraining, type TrainingEnd } from './process/start-training.ts';
