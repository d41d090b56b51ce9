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
  /** The GPUs on which trials have found no memory, by trial. */
  const exhausted = new Map<string, string>();
  return (specification, options) => {
    const { trialId } = specification;
    const gpu = specification.device === 'gpu' ? gpuSlots?.take(exhausted.get(trialId)) : undefined;
    exhausted.delete(trialId);
    const training = processes.start(specification, { ...options, ...(gpu === undefined ? {} : { gpu }) });
    if (gpu === undefined) return training;
    void training.ended.then((end) => {
      gpuSlots?.release(gpu);
      if (end.type === 'failed' && end.failure.code === 'TRIAL_OUT_OF_MEMORY') exhausted.set(trialId, gpu);
    });
    return training;
  };
}
