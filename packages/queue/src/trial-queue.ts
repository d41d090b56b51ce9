import { CompoundSearchError, type TrialJob } from '@compound-search/contracts';
import { Queue } from 'bullmq';

import { connectFailingFast, DEFAULT_PREFIX, QUEUE_NAME } from './connection.ts';
import type { TrialQueue, TrialQueueOptions } from './queue.ts';

/** Leaves room within the two seconds after which a request has to be answered. */
const ANSWER_MILLISECONDS = 1_500;

/** Few enough for one answer in time, many enough that the round trips do not matter. */
const JOBS_PER_COMMAND = 500;

/** Opens the sending side of the queue. It connects in the background; a call that comes first waits for it in bounds. */
export function createTrialQueue({ redisUrl, prefix = DEFAULT_PREFIX }: TrialQueueOptions): TrialQueue {
  const client = connectFailingFast(redisUrl, ANSWER_MILLISECONDS);
  // The version check only prints to the console, and its failure at a bad moment would leave the queue broken for good.
  const queue = new Queue(QUEUE_NAME, { connection: client, prefix, skipVersionCheck: true });
  // Every call reports its own failure; without listeners the same faults would end the process.
  client.on('error', () => undefined);
  queue.on('error', () => undefined);
  const whenReady = <T>(command: () => Promise<T>): Promise<T> =>
    answerInTime(async (signal) => {
      await queue.waitUntilReady();
      signal.throwIfAborted();
      return command();
    });

  return {
    async add(trials) {
      for (let start = 0; start < trials.length; start += JOBS_PER_COMMAND) {
        const chunk = trials.slice(start, start + JOBS_PER_COMMAND).map(toQueueJob);
        await whenReady(() => queue.addBulk(chunk));
      }
    },
    async counts() {
      const counts = await whenReady(() => queue.getJobCounts('wait', 'prioritized', 'active'));
      const { wait = 0, prioritized = 0, active = 0 } = counts;
      return { waiting: wait + prioritized, active };
    },
    async ping() {
      await whenReady(() => client.ping());
    },
    async warnings() {
      return evictionWarnings(await whenReady(() => client.info('memory')));
    },
    async close() {
      // A server that is down must not hold up the end of the process.
      await answerInTime(() => queue.close()).catch(() => undefined);
      client.disconnect();
    },
  };
}

/** The trial is named for workers of an earlier version, which run the one that they are told. */
function toQueueJob({ trialId, attempt }: TrialJob) {
  return { name: 'trial', data: { trialId, attempt }, opts: { removeOnComplete: true, removeOnFail: true } };
}

/** Runs one command within the time, however the server is unwell: down, frozen or starting. */
async function answerInTime<T>(command: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const timeout = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      timeout.abort();
      reject(new Error(`Redis gave no answer within ${ANSWER_MILLISECONDS} ms`));
    }, ANSWER_MILLISECONDS);
  });
  try {
    return await Promise.race([command(timeout.signal), late]);
  } catch (error) {
    throw new CompoundSearchError('DEPENDENCY_UNAVAILABLE', 'Redis does not answer', {
      remedy: 'Check that Redis or Valkey is running and that REDIS_URL points to it.',
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Any eviction policy but `noeviction` drops locks and jobs when memory is short (taskforcesh/bullmq 2215). */
export function evictionWarnings(memoryInformation: string): string[] {
  const policy = /^maxmemory_policy:(\S+)/m.exec(memoryInformation)?.[1];
  return policy === undefined || policy === 'noeviction'
    ? []
    : [
        `Redis may evict jobs and locks: its maxmemory-policy is ${policy}. ` +
          'Set maxmemory-policy to noeviction, or give the queue a server of its own.',
      ];
}
