import { createTrialQueue, createTrialWorker, type TrialQueue } from '@compound-search/queue';
import { createStore, type Store } from '@compound-search/store';
import type { Logger } from 'pino';

import { type Environment, slotsOf } from './env.ts';
import { createKnownEngines } from './known-engines.ts';
import { describeWorker } from './presence/describe-worker.ts';
import { createPresence } from './presence/presence.ts';
import { retryWhileUnavailable } from './retry-while-unavailable.ts';
import { runNextTrial, type StartTraining, type TrialRunner } from './run-trial.ts';
import { keepSweeping, type LeftFiles } from './sweep-left-files.ts';

export interface WorkerOptions {
  readonly environment: Environment;
  readonly startTraining: StartTraining;
  readonly leftFiles: LeftFiles;
  readonly logger: Logger;
  /** Gives up the wait for PostgreSQL at the start. */
  readonly signal: AbortSignal;
}

export interface RunningWorker {
  /** Takes no more trials, gives running ones back to the queue and ends all connections. */
  close(): Promise<void>;
}

/** A slot holds one connection at a time, and PostgreSQL's connections are few. */
function poolSizeFor(slots: number): number {
  return Math.min(10, slots + 1);
}

/** Waits for PostgreSQL, and brings its tables up to date. */
async function openStore(
  databaseUrl: string,
  { slots, logger, signal }: Pick<WorkerOptions, 'logger' | 'signal'> & { readonly slots: number },
): Promise<Store> {
  const store = createStore({ databaseUrl, poolSize: poolSizeFor(slots) });
  const onWait = (error: unknown): void =>
    logger.warn({ err: error }, 'PostgreSQL does not answer yet; the worker waits');
  const migrate = (): Promise<void> => store.migrate((line) => logger.info(line));
  await retryWhileUnavailable(migrate, signal, { onWait }).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  return store;
}

/** Takes trials from the queue until it is closed. Resolves once PostgreSQL answers and the tables are up to date. */
export async function startWorker({
  environment,
  startTraining,
  leftFiles,
  logger,
  signal,
}: WorkerOptions): Promise<RunningWorker> {
  const { DATABASE_URL, REDIS_URL: redisUrl, QUEUE_PREFIX: prefix } = environment;
  const slots = slotsOf(environment);
  const store = await openStore(DATABASE_URL, { slots, logger, signal });
  const queue = createTrialQueue({ redisUrl, prefix });
  const description = describeWorker(environment);
  const { id: workerId } = description;
  const presence = createPresence({ store, description, logger });
  const enqueue: TrialRunner['enqueue'] = (jobs) => queue.add(jobs);
  const engines = createKnownEngines((engine) => presence.noteEngine(engine));
  const { removeCheckpoints: discardCheckpoints } = leftFiles;
  const { declareUnfit } = presence;
  const runner: TrialRunner = {
    store,
    enqueue,
    startTraining,
    engines,
    discardCheckpoints,
    logger,
    workerId,
    declareUnfit,
  };
  const worker = createTrialWorker({
    redisUrl,
    prefix,
    concurrency: slots,
    process: (_hint, stopping) => runNextTrial(runner, stopping),
    onError: faultLog(logger),
  });
  await presence.start(worker);
  logger.info({ workerId, slots, prefix }, 'the worker takes trials');
  await warnOfSettings(queue, logger);
  const closing = new AbortController();
  const sweeping = keepSweeping({ store, leftFiles, logger }, closing.signal);
  return {
    async close() {
      closing.abort();
      await Promise.all([worker.close(), presence.stop()]);
      await sweeping;
      await queue.close();
      await store.close();
    },
  };
}

async function warnOfSettings(queue: TrialQueue, logger: Logger): Promise<void> {
  try {
    for (const warning of await queue.warnings()) logger.warn(warning);
  } catch (error) {
    logger.warn({ err: error }, 'the queue does not answer yet; the worker waits for it');
  }
}

const SAME_FAULT_MILLISECONDS = 30_000;

/** Logs a fault once in a while: a server that is down is found to be so at every try to reconnect. */
function faultLog(logger: Logger): (error: Error) => void {
  const logged = new Map<string, number>();
  return (error) => {
    const now = Date.now();
    if (now - (logged.get(error.message) ?? 0) < SAME_FAULT_MILLISECONDS) return;
    logged.clear();
    logged.set(error.message, now);
    logger.warn({ err: error }, 'the queue reports a fault');
  };
}
