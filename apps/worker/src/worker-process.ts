import { closeOnShutdown, tellParent } from '@compound-search/shutdown';
import type { RunningTraining } from '@compound-search/training';
import type { Logger } from 'pino';

import { type Environment, slotsOf } from './env.ts';
import { measureTrainings } from './metrics/measure-trainings.ts';
import { type MetricsServer, serveMetrics } from './metrics/serve-metrics.ts';
import { createWorkerMetrics, type WorkerMetrics } from './metrics/worker-metrics.ts';
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
export async function runWorkerProcess(options: WorkerProcessOptions): Promise<void> {
  const { logger, environment } = options;
  const metrics = createWorkerMetrics(slotsOf(environment));
  const startTraining = measureTrainings(options.startTraining, metrics);
  const trainings = new Set<RunningTraining>();
  const stopping = new AbortController();
  // The last resort, for an end without a shutdown: `kill` is synchronous, so it works here.
  process.on('exit', () => trainings.forEach((training) => training.kill()));

  const startTracked: StartTraining = (...task) => {
    const training = startTraining(...task);
    trainings.add(training);
    void training.ended.then(() => trainings.delete(training));
    return training;
  };
  // Served first, so that a worker that waits for PostgreSQL is seen to be there.
  const serving = serveWhereAsked(metrics, options);
  const started = serving.then(() => startWorker({ ...options, signal: stopping.signal, startTraining: startTracked }));

  closeOnShutdown({
    log: logger,
    longestMilliseconds: SHUTDOWN_MILLISECONDS,
    close: async () => {
      stopping.abort();
      // A start that was given up has undone itself.
      const worker = await started.catch(() => undefined);
      await worker?.close();
      const server = await serving.catch(() => undefined);
      await server?.close();
    },
  });

  try {
    await started;
    tellParent({ type: 'ready' });
  } catch (error) {
    if (stopping.signal.aborted) return;
    logger.fatal({ err: error }, 'the worker cannot start');
    process.exit(1);
  }
}

async function serveWhereAsked(
  { registry }: WorkerMetrics,
  { environment, logger }: WorkerProcessOptions,
): Promise<MetricsServer | undefined> {
  const { METRICS_PORT: port, METRICS_HOST: host } = environment;
  if (port === undefined) return undefined;
  const server = await serveMetrics(registry, { host, port });
  logger.info({ url: server.url }, 'the metrics are served');
  return server;
}
