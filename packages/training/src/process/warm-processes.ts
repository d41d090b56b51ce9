import type { TrialSpecification } from '@compound-search/contracts';

import { trainingEnvironment } from './env.ts';
import { startTraining, type TrainingOptions } from './start-training.ts';
import { type RunningTraining, TrainingProcess } from './training-process.ts';

export interface WarmProcessesOptions {
  /** Folder of the checkpoints and graphs that trainings leave to later ones. @defaultValue as the environment says */
  readonly trainingFolder?: string;
  /** Trainings after which a process ends, whatever it holds: native memory leaks add up. @defaultValue 50 */
  readonly mostTrainings?: number;
  /** Resident memory between two trainings above which a process ends. @defaultValue 1 GiB */
  readonly mostResidentBytes?: number;
  /** How long a process waits for another training. @defaultValue 30 s */
  readonly idleMilliseconds?: number;
  /** What the processes run. @defaultValue the trainings of TensorFlow */
  readonly program?: URL;
}

/** Training processes that are used again. */
export interface WarmProcesses {
  /** Trains one trial, in a process that has trained before where there is one. */
  readonly start: (
    specification: TrialSpecification,
    options: Omit<TrainingOptions, 'trainingFolder'>,
  ) => RunningTraining;
  /** Ends the processes that wait. Those that train end after their training. */
  readonly close: () => void;
}

/**
 * Keeps training processes for the next trial on the CPU: starting one costs more than the training of a small trial.
 * The trial has the same bits as in a fresh process. Trials on a GPU always get a fresh one, since TensorFlow keeps the
 * memory of a GPU until the process ends, and other slots may need it.
 */
export function createWarmProcesses({
  trainingFolder,
  mostTrainings = 50,
  mostResidentBytes = 2 ** 30,
  idleMilliseconds = 30_000,
  program,
}: WarmProcessesOptions = {}): WarmProcesses {
  const waiting = new Map<TrainingProcess, NodeJS.Timeout>();
  const folder = trainingFolder === undefined ? {} : { trainingFolder };
  let isClosed = false;

  const keep = (process: TrainingProcess): boolean => {
    if (isClosed || process.trainings >= mostTrainings || process.residentBytes > mostResidentBytes) return false;
    const end = setTimeout(() => {
      waiting.delete(process);
      process.end();
    }, idleMilliseconds);
    waiting.set(process, end.unref());
    return true;
  };
  const forget = (process: TrainingProcess): void => {
    clearTimeout(waiting.get(process));
    waiting.delete(process);
  };
  const take = (): TrainingProcess => {
    // The one that waits the shortest, so that those which are too many end in time.
    const process = [...waiting.keys()].at(-1);
    if (process === undefined) {
      return new TrainingProcess({ program, environment: trainingEnvironment('cpu', folder), keep, onGone: forget });
    }
    forget(process);
    return process;
  };

  return {
    start(specification, options) {
      if (specification.device !== 'cpu') return startTraining(specification, { ...options, ...folder });
      return take().train(specification, options.onEvent);
    },
    close() {
      isClosed = true;
      for (const process of waiting.keys()) {
        forget(process);
        process.end();
      }
    },
  };
}
