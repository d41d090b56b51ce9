import { createWarmProcesses } from '@compound-search/training';

import type { Environment } from './env.ts';
import { createGpuSlots } from './gpu-slots.ts';
import type { StartTraining } from './run-trial.ts';

/** Trainings in the folder that the environment names and, where it asks for a GPU, each on one of the slots' GPUs. */
export function configureTrainings({
  COMPOUND_SEARCH_TRAINING_FOLDER: trainingFolder,
  COMPOUND_SEARCH_GPUS: gpus,
}: Pick<Environment, 'COMPOUND_SEARCH_TRAINING_FOLDER' | 'COMPOUND_SEARCH_GPUS'>): StartTraining {
  const processes = createWarmProcesses(trainingFolder === undefined ? {} : { trainingFolder });
  const gpuSlots = gpus === undefined ? undefined : createGpuSlots(gpus);
  return (specification, options) => {
    const gpu = specification.device === 'gpu' ? gpuSlots?.take() : undefined;
    const training = processes.start(specification, { ...options, ...(gpu === undefined ? {} : { gpu }) });
    if (gpu !== undefined) void training.ended.then(() => gpuSlots?.release(gpu));
    return training;
  };
}
