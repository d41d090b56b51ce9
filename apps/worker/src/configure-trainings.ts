import type { startTraining } from '@compound-search/training';

import type { Environment } from './env.ts';
import { createGpuSlots } from './gpu-slots.ts';
import type { StartTraining } from './run-trial.ts';

/** Gives every training the folder that the environment names and, where it asks for a GPU, one of the slots' GPUs. */
export function configureTrainings(
  start: typeof startTraining,
  {
    COMPOUND_SEARCH_TRAINING_FOLDER: trainingFolder,
    COMPOUND_SEARCH_GPUS: gpus,
  }: Pick<Environment, 'COMPOUND_SEARCH_TRAINING_FOLDER' | 'COMPOUND_SEARCH_GPUS'>,
): StartTraining {
  const gpuSlots = gpus === undefined ? undefined : createGpuSlots(gpus);
  return (specification, options) => {
    const gpu = specification.device === 'gpu' ? gpuSlots?.take() : undefined;
    const training = start(specification, {
      ...options,
      ...(trainingFolder === undefined ? {} : { trainingFolder }),
      ...(gpu === undefined ? {} : { gpu }),
    });
    if (gpu !== undefined) void training.ended.then(() => gpuSlots?.release(gpu));
    return training;
  };
}
