import { Redis } from 'ioredis';

/** The one queue of the service. */
export const QUEUE_NAME = 'trials';

export const DEFAULT_PREFIX = 'compound-search';

/** Reconnects for ever: soon at first, once a second later. */
function retryStrategy(times: number): number {
  return Math.min(times * 50, 1_000);
}

/** For callers that have a person waiting: a command that cannot be sent or is not answered fails. */
export function connectFailingFast(redisUrl: string, commandTimeout: number): Redis {
  return new Redis(redisUrl, {
    retryStrategy,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout,
    connectTimeout: commandTimeout,
  });
}

/** For the worker, which has nothing better to do than to wait until Redis is back. */
export function connectWaiting(redisUrl: string): Redis {
  return new Redis(redisUrl, { retryStrategy, maxRetriesPerRequest: null });
}
