import { Redis } from 'ioredis';

/** The one queue of the service. */
export const QUEUE_NAME = 'trials';

export const DEFAULT_PREFIX = 'compound-search';

/** Reconnects for ever: soon at first, once a second later. */
const retryStrategy = (times: number): number => Math.min(times * 50, 1_000);

/** For callers that have a person waiting: a command that cannot be sent or is not answered fails. */
export const connectFailingFast = (redisUrl: string, commandTimeout: number): Redis =>
  new Redis(redisUrl, {
    retryStrategy,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout,
    connectTimeout: commandTimeout,
  });

/** For the worker, which has nothing better to do than to wait until Redis is back. */
export const connectWaiting = (redisUrl: string): Redis =>
  new Redis(redisUrl, { retryStrategy, maxRetriesPerRequest: null });
