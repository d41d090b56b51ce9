import type { TrainingEvent, TrialSpecification } from '@compound-search/contracts';

import { trainingEnvironment } from './env.ts';
import { type RunningTraining, TrainingProcess } from './training-process.ts';

/** The surroundings of a training. */
export interface TrainingOptions {
  readonly onEvent: (event: TrainingEvent) => void;
  /** Folder of the checkpoints and graphs that trainings leave to later ones. @defaultValue as the environment says */
  readonly trainingFolder?: string;
  /** The one GPU that the training sees, by its number. @defaultValue every GPU of the machine */
  readonly gpu?: string;
}

/**
 * Trains one trial in a fresh child process, which ends with it: TensorFlow's run call blocks its thread, and its
 * environment must be set before it loads (tensorflow/tfjs 2079, 8388).
 */
export function startTraining(
  specification: TrialSpecification,
  { onEvent, ...surroundings }: TrainingOptions,
): RunningTraining {
  return new TrainingProcess({
    environment: trainingEnvironment(specification.device, surroundings),
    keep: () => false,
    onGone: () => undefined,
  }).train(specification, onEvent);
}
