import type { RunningTraining } from '@compound-search/training';
import type { Logger } from 'pino';

import type { Environment } from './env.ts';
import type { StartTraining } from './run-trial.ts';
import { startWorker } from './worker.ts';

/** Within this the process ends, come what may: trainings get 5 seconds to stop, an absent PostgreSQL takes 5 to notice. */
const SHUTDOWN_MILLISECONDS = 15_000;

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

export interface WorkerProcessOptions {
  readonly environment: Environment;
  readonly startTraining: StartTraining;
  readonly discardCheckpoints: (trialId: string) => Promise<void>;
  readonly logger: Logger;
}

/**
 * Makes this process a worker. It shuts down on a signal, and when a supervising parent that forked it has gone; an
 * error that nothing handles ends it too, since its state is then unknown. In every case no training is left behind.
 */
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

  const shutDown = (reason: string, exitCode: number): void => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    logger.info({ reason }, 'the worker shuts down');
    setTimeout(() => {
      logger.error('the shutdown takes too long; what runs is left to its lease');
      process.exit(1);
    }, SHUTDOWN_MILLISECONDS).unref();
    void started
      .then((worker) => worker.close())
      .catch((error: unknown) => logger.error({ err: error }, 'the shutdown met a fault'))
      .finally(() => process.exit(exitCode));
  };

  for (const signal of SIGNALS) process.on(signal, () => shutDown(signal, 0));
  process.on('disconnect', () => shutDown('the parent has gone', 0));
  // A parent that went while this process was still loading its modules has left no event.
  if (process.send !== undefined && !process.connected) shutDown('the parent has gone', 0);
  const onUnhandled = (error: unknown): void => {
    logger.fatal({ err: error }, 'an error that nothing handles');
    shutDown('an unexpected error', 1);
  };
  process.on('uncaughtException', onUnhandled);
  process.on('unhandledRejection', onUnhandled);

  try {
    await started;
    process.send?.({ type: 'ready' });
  } catch (error) {
    if (stopping.signal.aborted) return;
    logger.fatal({ err: error }, 'the worker cannot start');
    process.exit(1);
  }
}
