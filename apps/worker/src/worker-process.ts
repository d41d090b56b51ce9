import { closeOnShutdown } from '@compound-search/shutdown';
import type { RunningTraining } from '@compound-search/training';
import type { Logger } from 'pino';

import type { Environment } from './env.ts';
import type { StartTraining } from './run-trial.ts';
import type { LeftFiles } from './sweep-left-files.ts';
import { startWorker } from './worker.ts';

/** Within this the process ends, come what may: trainings get 5 seconds to stop, an absent PostgreSQL takes 5 to notice. */
const SHUTDOWN_MILLISECONDS = 15_000;

export interface WorkerProcessOptions {
  readonly environment: Environment;
  readonly startTraining: StartTraining;
  readonly leftFiles: LeftFiles;
  readonly logger: Logger;
}

/** Makes this process a worker, which ends as {@link closeOnShutdown} says. In every case no training is left behind. */
export async function runWorkerProcess({ startTraining, ...options }: WorkerProcessOptions): Promise<void> {
  const { logger } = options;
  const trainings = new Set<RunningTraining>();
  const stopping = new AbortController();
  // The last resort, for an end without a shutdown: `kill` is synchronous, so it works here.
  process.on('exit', () => trainings.forEach((training) => training.kill()));

  const started = startWorker({
    ...options,
    signal: stopping.signal,
    startTraining: (specification, options) => {
      const training = startTraining(specification, options);
      trainings.add(training);
      void training.ended.then(() => trainings.delete(training));
      return training;
    },
  });

  closeOnShutdown({
    log: logger,
    longestMilliseconds: SHUTDOWN_MILLISECONDS,
    close: async () => {
      stopping.abort();
      // A start that was given up has undone itself.
      const worker = await started.catch(() => undefined);
      await worker?.close();
    },
  });

  try {
    await started;
    process.send?.({ type: 'ready' });
  } catch (error) {
    if (stopping.signal.aborted) return;
    logger.fatal({ err: error }, 'the worker cannot start');
    process.exit(1);
  }
}
