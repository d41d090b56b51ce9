import { trialJobSchema } from '@compound-search/contracts';
import { Worker } from 'bullmq';

import { connectWaiting, DEFAULT_PREFIX, QUEUE_NAME } from './connection.ts';
import type { TrialWorker, TrialWorkerOptions } from './queue.ts';

/** How long the end of the process waits for a server that may be down. */
const CLOSE_MILLISECONDS = 2_000;

/**
 * A job whose worker died comes back and is handled again, without limit: handling begins with a claim in the store,
 * which fails quietly where the trial went on meanwhile. Retries are the store's matter, so the queue makes none.
 */
const STALLS_WITHOUT_LIMIT = Number.MAX_SAFE_INTEGER;

/**
 * A worker can die between taking a job and claiming its trial; then only these bring the job back. The lock can be
 * short, since nothing here holds the event loop: training is in a child process.
 */
const LOCK_MILLISECONDS = 10_000;
const STALL_CHECK_MILLISECONDS = 5_000;

/** Starts to take jobs at once. */
export function createTrialWorker(options: TrialWorkerOptions): TrialWorker {
  const { redisUrl, prefix = DEFAULT_PREFIX, concurrency, process, onError } = options;
  const client = connectWaiting(redisUrl);
  const stop = new AbortController();
  const underWay = new Set<Promise<void>>();
  const worker = new Worker(
    QUEUE_NAME,
    async (job) => {
      const handled = process(trialJobSchema.parse(job.data), stop.signal);
      underWay.add(handled);
      try {
        await handled;
      } finally {
        underWay.delete(handled);
      }
    },
    {
      connection: client,
      prefix,
      concurrency,
      lockDuration: LOCK_MILLISECONDS,
      stalledInterval: STALL_CHECK_MILLISECONDS,
      maxStalledCount: STALLS_WITHOUT_LIMIT,
      skipVersionCheck: true,
    },
  );
  client.on('error', onError);
  worker.on('error', onError);
  worker.on('failed', (_, error) => onError(error));

  const close = async (): Promise<void> => {
    const closed = worker.close();
    stop.abort();
    await Promise.allSettled(underWay);
    await settleWithin(closed, CLOSE_MILLISECONDS);
    await settleWithin(worker.disconnect(), CLOSE_MILLISECONDS);
    client.disconnect();
  };
  let closing: Promise<void> | undefined;
  return { pause: () => worker.pause(true), resume: () => worker.resume(), close: () => (closing ??= close()) };
}

async function settleWithin(promise: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([promise.catch(() => undefined), late]);
  clearTimeout(timer);
}
