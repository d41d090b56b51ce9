import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';

import { CompoundSearchError, type TrialJob } from '@compound-search/contracts';
import { createTrialQueue, createTrialWorker, type TrialQueue } from '@compound-search/queue';
import { afterEach, describe, expect, inject, it } from 'vitest';

import { evictionWarnings } from '../src/trial-queue.ts';

function jobs(count: number): TrialJob[] {
  return Array.from({ length: count }, () => ({ trialId: randomUUID(), attempt: 1 }));
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
  it('hands out as many hints as were added, in the order in which they came', async () => {
    const prefix = randomUUID();
    const queue = openQueue(prefix);
    const added = jobs(1_203);
    await queue.add(added);
    await queue.add(added.slice(0, 1));
    expect(await queue.counts()).toEqual({ waiting: 1_204, active: 0 });

    const seen: TrialJob[] = [];
    const process = (job: TrialJob): Promise<void> => {
      seen.push(job);
      return Promise.resolve();
    };
    open(createTrialWorker({ redisUrl, prefix, concurrency: 1, process, onError: () => undefined }));
    await expect.poll(() => seen.length).toBe(1_204);
    expect(seen).toEqual([...added, added[0]]);
    await expect.poll(() => queue.counts()).toEqual({ waiting: 0, active: 0 });
  });

  it('takes the same hint again after it was handled, since its presence is no record', async () => {
    const prefix = randomUUID();
    const queue = openQueue(prefix);
    const [job] = jobs(1) as [TrialJob];
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
