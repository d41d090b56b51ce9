import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';

import { CompoundSearchError, type QueuedTrial, type TrialJob, type TrialPurpose } from '@compound-search/contracts';
import { createTrialQueue, createTrialWorker, type TrialQueue } from '@compound-search/queue';
import { afterEach, describe, expect, inject, it } from 'vitest';

import { evictionWarnings } from '../src/trial-queue.ts';

function jobs(count: number, purpose: TrialPurpose = 'ranking'): QueuedTrial[] {
  return Array.from({ length: count }, () => ({ trialId: randomUUID(), attempt: 1, purpose }));
}

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});
function open<T extends { close(): Promise<void> }>(one: T): T {
  opened.push(one);
  return one;
}
const redisUrl = inject('redisUrl');
function openQueue(prefix: string): TrialQueue {
  return open(createTrialQueue({ redisUrl, prefix }));
}

describe('createTrialQueue', () => {
  it('hands every added job to a worker once, also when it is added again', async () => {
    const prefix = randomUUID();
    const queue = openQueue(prefix);
    const added = jobs(1_203);
    await queue.add(added);
    await queue.add(added);
    expect(await queue.counts()).toEqual({ waiting: 1_203, active: 0 });

    const seen: TrialJob[] = [];
    await new Promise<void>((resolve) => {
      open(
        createTrialWorker({
          redisUrl,
          prefix,
          concurrency: 7,
          process: (job) => {
            seen.push(job);
            if (seen.length === added.length) resolve();
            return Promise.resolve();
          },
          onError: (error) => {
            throw error;
          },
        }),
      );
    });
    const byId = (one: TrialJob, other: TrialJob): number => one.trialId.localeCompare(other.trialId);
    expect(seen.toSorted(byId)).toEqual(added.map(({ trialId, attempt }) => ({ trialId, attempt })).toSorted(byId));
    await expect.poll(() => queue.counts()).toEqual({ waiting: 0, active: 0 });
  });

  it('takes the same job again after it was handled, since its presence is no record', async () => {
    const prefix = randomUUID();
    const queue = openQueue(prefix);
    const [job] = jobs(1) as [QueuedTrial];
    let handled = 0;
    open(
      createTrialWorker({
        redisUrl,
        prefix,
        concurrency: 1,
        process: () => {
          handled += 1;
          return handled === 1 ? Promise.reject(new Error('The store is out of reach')) : Promise.resolve();
        },
        onError: () => undefined,
      }),
    );
    await queue.add([job]);
    await expect.poll(() => handled).toBe(1);
    await expect.poll(() => queue.counts()).toEqual({ waiting: 0, active: 0 });
    await queue.add([job]);
    await expect.poll(() => handled).toBe(2);
  });

  it('hands out the tests of winners before all that was added earlier, and the others as they came', async () => {
    const prefix = randomUUID();
    const queue = openQueue(prefix);
    const earlier = [...jobs(2), ...jobs(1, 'rerun'), ...jobs(1, 'model')];
    const tests = jobs(2, 'test');
    await queue.add(earlier);
    await queue.add(tests);
    const seen: string[] = [];
    const process = ({ trialId }: TrialJob): Promise<void> => {
      seen.push(trialId);
      return Promise.resolve();
    };
    open(createTrialWorker({ redisUrl, prefix, concurrency: 1, process, onError: () => undefined }));
    await expect.poll(() => seen).toEqual([...tests, ...earlier].map(({ trialId }) => trialId));
  });

  it('keeps services with different prefixes apart', async () => {
    const queue = openQueue(randomUUID());
    const other = openQueue(randomUUID());
    await queue.add(jobs(2));
    expect(await other.counts()).toEqual({ waiting: 0, active: 0 });
  });

  it('answers with DEPENDENCY_UNAVAILABLE instead of waiting when nothing listens', async () => {
    const queue = open(createTrialQueue({ redisUrl: 'redis://127.0.0.1:1' }));
    await expect(queue.add(jobs(1))).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', status: 503 });
    await expect(queue.ping()).rejects.toBeInstanceOf(CompoundSearchError);
  });

  it('answers with DEPENDENCY_UNAVAILABLE instead of waiting when the server is silent', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('No port');
    const queue = createTrialQueue({ redisUrl: `redis://127.0.0.1:${address.port}` });
    await expect(queue.add(jobs(1))).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    await queue.close();
    silent.close();
  });

  it('has nothing to warn of on a server that never evicts', async () => {
    expect(await openQueue(randomUUID()).warnings()).toEqual([]);
  });

  it.each(['allkeys-lru', 'volatile-ttl'])('warns of the eviction policy %s, which drops locks and jobs', (policy) => {
    const [warning] = evictionWarnings(`# Memory\r\nused_memory:1\r\nmaxmemory_policy:${policy}\r\n`);
    expect(warning).toContain(policy);
    expect(warning).toContain('noeviction');
  });
});

describe('createTrialWorker', () => {
  it('aborts what is under way when it closes, and resolves when that has ended', async () => {
    const prefix = randomUUID();
    const queue = openQueue(prefix);
    const ended: string[] = [];
    let started = 0;
    const worker = createTrialWorker({
      redisUrl,
      prefix,
      concurrency: 2,
      process: async (job, signal) => {
        started += 1;
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve, { once: true });
        });
        ended.push(job.trialId);
      },
      onError: () => undefined,
    });
    await queue.add(jobs(5));
    await expect.poll(() => started).toBe(2);
    await worker.close();
    expect(ended).toHaveLength(2);
    expect(await queue.counts()).toEqual({ waiting: 3, active: 0 });
  });

  it('closes although the server is out of reach', async () => {
    const faults: Error[] = [];
    const worker = createTrialWorker({
      redisUrl: 'redis://127.0.0.1:1',
      prefix: randomUUID(),
      concurrency: 1,
      process: () => Promise.resolve(),
      onError: (error) => faults.push(error),
    });
    await expect.poll(() => faults.length).toBeGreaterThan(0);
    await worker.close();
  });
});
