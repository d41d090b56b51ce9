/**
 * The trial queue: hints to workers that a trial may be claimed. The API and the worker import it; BullMQ and ioredis
 * are imported nowhere else. Whatever the queue loses is in the store and is added again.
 */
export type { QueueCounts, TrialQueue, TrialQueueOptions, TrialWorker, TrialWorkerOptions } from './queue.ts';
export { createTrialQueue } from './trial-queue.ts';
export { createTrialWorker } from './trial-worker.ts';
