import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

import type { Epoch, TrainingEvent, TrialSpecification } from '@compound-search/contracts';
import { createTrialQueue } from '@compound-search/queue';
import { createScratchDatabase, createStore } from '@compound-search/store';
import type { TrainingEnd } from '@compound-search/training';
import { describe, expect, inject, it, onTestFinished } from 'vitest';

import { measureTrainings } from '../src/metrics/measure-trainings.ts';
import { serveMetrics } from '../src/metrics/serve-metrics.ts';
import { createWorkerMetrics, type WorkerMetrics } from '../src/metrics/worker-metrics.ts';
import { searchOf } from './search-of.ts';

async function valuesOf({ registry }: WorkerMetrics, metric: string): Promise<string[]> {
  return valuesIn(await registry.metrics(), metric);
}

function valuesIn(text: string, metric: string): string[] {
  const name = `compound_search_worker_${metric}`;
  return text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

const epoch: Epoch = {
  epoch: 1,
  step: 10,
  learningRate: 0.1,
  trainLoss: 1,
  trainAccuracy: 0.5,
  validationLoss: 1,
  validationAccuracy: 0.5,
  seconds: 2,
};

const specification = {} as TrialSpecification;

const completed: TrainingEnd = {
  type: 'completed',
  result: {
    validationAccuracy: 0.5,
    validationLoss: 1,
    testAccuracy: null,
    steps: 20,
    imagesPerSecond: 250,
    weightsHash: 'a',
  },
};
function failedBy(code: 'TRIAL_LOST' | 'TRIAL_DIVERGED'): TrainingEnd {
  return { type: 'failed', failure: { code, message: 'It failed', step: null } };
}

/** A measured training that is under way, whose reports and end are the test's. */
function startMeasured(metrics: WorkerMetrics) {
  let report: (event: TrainingEvent) => void = () => undefined;
  let end: (end: TrainingEnd) => void = () => undefined;
  const ended = new Promise<TrainingEnd>((resolve) => (end = resolve));
  const start = measureTrainings((_specification, { onEvent }) => {
    report = onEvent;
    return { pid: 1, ended, lastWords: '', cancel: () => undefined, kill: () => true };
  }, metrics);
  const seen: TrainingEvent[] = [];
  start(specification, { onEvent: (event) => void seen.push(event) });
  return {
    seen,
    report: (event: TrainingEvent) => report(event),
    finish: async (how: TrainingEnd) => {
      end(how);
      await ended;
    },
  };
}

describe('the metrics of a worker', () => {
  it('tell the slots, and how many of them are busy', async () => {
    const metrics = createWorkerMetrics(3);
    const [first] = [startMeasured(metrics), startMeasured(metrics)];
    expect(await valuesOf(metrics, 'slots')).toEqual(['compound_search_worker_slots 3']);
    expect(await valuesOf(metrics, 'busy_slots')).toEqual(['compound_search_worker_busy_slots 2']);
    await first.finish(completed);
    expect(await valuesOf(metrics, 'busy_slots')).toEqual(['compound_search_worker_busy_slots 1']);
  });

  it('count trainings by how they ended', async () => {
    const metrics = createWorkerMetrics(1);
    const ends: TrainingEnd[] = [
      completed,
      { type: 'paused', epoch: 1 },
      failedBy('TRIAL_DIVERGED'),
      failedBy('TRIAL_LOST'),
      failedBy('TRIAL_LOST'),
    ];
    for (const end of ends) await startMeasured(metrics).finish(end);
    expect(await valuesOf(metrics, 'trainings_total')).toEqual([
      'compound_search_worker_trainings_total{outcome="completed"} 1',
      'compound_search_worker_trainings_total{outcome="paused"} 1',
      'compound_search_worker_trainings_total{outcome="failed"} 1',
      'compound_search_worker_trainings_total{outcome="lost"} 2',
      'compound_search_worker_trainings_total{outcome="cancelled"} 0',
    ]);
  });

  it('count steps and seconds per step, and images per second of what has completed', async () => {
    const metrics = createWorkerMetrics(1);
    const training = startMeasured(metrics);
    training.report({ type: 'progress', step: 1, loss: 1 });
    training.report({ type: 'progress', step: 7, loss: 1 });
    training.report({ type: 'epoch', epoch });
    training.report({ type: 'epoch', epoch: { ...epoch, epoch: 2, step: 20, seconds: 4 } });
    await training.finish(completed);
    expect(training.seen).toHaveLength(4);
    expect(await valuesOf(metrics, 'steps_total')).toEqual(['compound_search_worker_steps_total 20']);
    const buckets = await valuesOf(metrics, 'step_seconds_bucket');
    expect(buckets).toContain('compound_search_worker_step_seconds_bucket{le="0.1"} 0');
    expect(buckets).toContain('compound_search_worker_step_seconds_bucket{le="0.2"} 1');
    expect(buckets).toContain('compound_search_worker_step_seconds_bucket{le="0.5"} 2');
    expect(await valuesOf(metrics, 'images_per_second_sum')).toEqual([
      'compound_search_worker_images_per_second_sum 250',
    ]);
  });

  it('leave out the steps before the checkpoint from which a training goes on', async () => {
    const metrics = createWorkerMetrics(1);
    const training = startMeasured(metrics);
    training.report({ type: 'epoch', epoch });
    training.report({ type: 'progress', step: 11, loss: 1 });
    training.report({ type: 'epoch', epoch: { ...epoch, epoch: 2, step: 20 } });
    expect(await valuesOf(metrics, 'steps_total')).toEqual(['compound_search_worker_steps_total 10']);
    expect(await valuesOf(metrics, 'step_seconds_count')).toEqual(['compound_search_worker_step_seconds_count 1']);
    expect(await valuesOf(metrics, 'step_seconds_sum')).toEqual(['compound_search_worker_step_seconds_sum 0.2']);
  });

  it('leave them out where the checkpoint lies within an epoch too', async () => {
    const metrics = createWorkerMetrics(1);
    const training = startMeasured(metrics);
    training.report({ type: 'progress', step: 5, loss: 1 });
    training.report({ type: 'epoch', epoch });
    expect(await valuesOf(metrics, 'steps_total')).toEqual(['compound_search_worker_steps_total 6']);
    expect(await valuesOf(metrics, 'step_seconds_sum')).toEqual(['compound_search_worker_step_seconds_sum 0.2']);
  });
});

describe('the server of the metrics', () => {
  it('serves /metrics with those of the process, and nothing else', async () => {
    const { registry } = createWorkerMetrics(2);
    const server = await serveMetrics(registry, { host: '127.0.0.1', port: 0 });
    onTestFinished(() => server.close());
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const response = await fetch(server.url);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    expect(text).toContain('compound_search_worker_slots 2\n');
    expect(text).toContain('# TYPE process_cpu_seconds_total counter\n');
    expect((await fetch(new URL('/', server.url))).status).toBe(404);
    expect((await fetch(server.url, { method: 'POST' })).status).toBe(405);
  });

  it('says so where its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const { registry } = createWorkerMetrics(1);
    await expect(serveMetrics(registry, { host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('the process of a worker', () => {
  it('serves its metrics where it is asked to, and counts the trials that it trains', async () => {
    const database = await createScratchDatabase(inject('databaseUrl'));
    const prefix = randomUUID();
    const store = createStore({ databaseUrl: database.databaseUrl });
    const queue = createTrialQueue({ redisUrl: inject('redisUrl'), prefix });
    const child = fork(fileURLToPath(new URL('./scripted-worker.ts', import.meta.url)), {
      execArgv: ['--import', import.meta.resolve('tsx')],
      env: {
        PATH: '/usr/bin:/bin',
        DATABASE_URL: database.databaseUrl,
        REDIS_URL: inject('redisUrl'),
        QUEUE_PREFIX: prefix,
        COMPOUND_SEARCH_SLOTS: '2',
        METRICS_PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    let log = '';
    child.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    await once(child, 'message');
    const url = /"url":"([^"]+)"/.exec(log)?.[1] ?? '';
    const { trials } = await store.createSearch(searchOf(2));
    await queue.add(trials);
    const ended = async () => valuesIn(await (await fetch(url)).text(), 'trainings_total')[0];
    await expect.poll(ended).toBe('compound_search_worker_trainings_total{outcome="completed"} 2');
    expect(valuesIn(await (await fetch(url)).text(), 'steps_total')).toEqual(['compound_search_worker_steps_total 8']);
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    await expect(fetch(url)).rejects.toThrow();
    await queue.close();
    await store.close();
    await database.drop();
  });
});
