import { createTrialQueue } from '@compound-search/queue';
import { createStore, type Store } from '@compound-search/store';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { runQueued, trainWell } from '../../../../packages/search/test/simulated-worker.ts';
import { createSample } from '../../../../packages/store/test/steps.ts';
import { type AppOptions, buildApp } from '../../src/app.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { useService } from '../service.ts';

const service = useService();

/** One of the service's instances, which has counted nothing yet. */
async function build(parts: Partial<AppOptions> = {}): Promise<FastifyInstance> {
  const { store, queue } = service();
  const options = { store, queue, limits: { maximumCandidates: 1 }, bodyLimit: 1e6, ...parts };
  const app = await buildApp({ ...options, logger: pino({ level: 'silent' }) });
  onTestFinished(() => app.close());
  return app;
}

/** The lines with the values of a metric. */
async function valuesOf(app: FastifyInstance, metric: string): Promise<string[]> {
  const { body } = await app.inject('/metrics');
  return body.split('\n').filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `));
}

/** What is up and what is not, whichever answered first. */
async function dependenciesOf(app: FastifyInstance): Promise<string[]> {
  const metric = 'compound_search_dependency_up';
  return (await valuesOf(app, metric)).map((line) => line.slice(metric.length)).toSorted();
}

function isZero(line: string): boolean {
  return line.endsWith(' 0');
}

describe('GET /metrics', () => {
  it('answers in the text format of Prometheus, with the metrics of the process', async () => {
    const response = await (await build()).inject('/metrics');
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    for (const metric of [
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
    ])
      expect(response.body).toContain(`# TYPE ${metric} `);
  });

  it('says what does not answer, and tells what the others say', async () => {
    const store = createStore({ databaseUrl: 'postgresql://nobody@127.0.0.1:9/none' });
    const queue = createTrialQueue({ redisUrl: 'redis://127.0.0.1:9' });
    onTestFinished(() => Promise.all([store.close(), queue.close()]).then(() => undefined));
    const withoutRecord = await build({ store });
    expect(await dependenciesOf(withoutRecord)).toEqual(['{dependency="database"} 0', '{dependency="queue"} 1']);
    expect(await valuesOf(withoutRecord, 'compound_search_trials')).toEqual([]);
    const withoutQueue = await build({ queue });
    expect(await dependenciesOf(withoutQueue)).toEqual(['{dependency="database"} 1', '{dependency="queue"} 0']);
    expect(await valuesOf(withoutQueue, 'compound_search_queue_jobs')).toEqual([]);
    expect((await valuesOf(withoutQueue, 'compound_search_searches')).length).toBeGreaterThan(0);
  });
});

describe('the state of the service', () => {
  let store: Store;
  beforeAll(async () => {
    ({ store } = service());
    await createSample(store, 2, [1]);
    await runQueued(store, trainWell);
    const { trials } = await createSample(store, 3, [1]);
    await service().queue.add(trials);
    await store.claimNextTrial({ workerId: 'one', leaseSeconds: 60 });
    const cancelled = await createSample(store, 1, [1]);
    await store.cancelSearch(cancelled.searchId);
  });

  it('has the trials by state and purpose, the searches by state and the jobs by state, zeros among them', async () => {
    const app = await build();
    const trials = await valuesOf(app, 'compound_search_trials');
    expect(trials.filter((line) => !isZero(line))).toEqual([
      'compound_search_trials{state="queued",purpose="ranking"} 2',
      'compound_search_trials{state="running",purpose="ranking"} 1',
      'compound_search_trials{state="completed",purpose="ranking"} 2',
      'compound_search_trials{state="cancelled",purpose="ranking"} 1',
    ]);
    expect(trials).toContain('compound_search_trials{state="failed",purpose="test"} 0');
    const searches = await valuesOf(app, 'compound_search_searches');
    expect(searches.filter((line) => !isZero(line))).toEqual([
      'compound_search_searches{state="running"} 2',
      'compound_search_searches{state="cancelled"} 1',
    ]);
    expect(searches).toContain('compound_search_searches{state="failed"} 0');
    expect(await valuesOf(app, 'compound_search_queue_jobs')).toEqual([
      'compound_search_queue_jobs{state="waiting"} 3',
      'compound_search_queue_jobs{state="active"} 0',
    ]);
  });

  it('tells how long the trial has waited that waits the longest', async () => {
    await service().execute(`UPDATE trial SET enqueued_at = now() - interval '1 hour' WHERE state = 'queued'`, []);
    const [line = ''] = await valuesOf(await build(), 'compound_search_queue_wait_seconds');
    expect(Number(line.split(' ')[1])).toBeGreaterThanOrEqual(3_600);
  });
});

describe('the requests', () => {
  it('are counted by method, template of the route and status, in each instance for itself', async () => {
    const app = await build();
    const id = '00000000-0000-4000-8000-000000000000';
    await app.inject(`/v1/searches/${id}?secret=in-a-url`);
    await app.inject(`/v1/searches/${id.replace('8', '9')}`);
    await app.inject({ method: 'DELETE', url: '/healthz' });
    await app.inject('/healthz');
    const duration = 'compound_search_http_request_duration_seconds';
    const counted = await valuesOf(app, `${duration}_count`);
    expect(counted).toEqual([
      `${duration}_count{method="GET",route="/v1/searches/:id",status="404"} 2`,
      `${duration}_count{method="DELETE",route="/healthz",status="405"} 1`,
      `${duration}_count{method="GET",route="/healthz",status="200"} 1`,
    ]);
    expect(await valuesOf(await build(), `${duration}_count`)).toEqual([]);
  });

  it('have one label for all paths that no route has, and no URL in any', async () => {
    const app = await build();
    for (const path of ['/nowhere', '/wp-admin.php?x=1', '/v1/searches/1/2/3/4']) await app.inject(path);
    const { body } = await app.inject('/metrics');
    expect(body).toContain('_count{method="GET",route="unknown",status="404"} 3\n');
    expect(body).not.toMatch(/nowhere|wp-admin|1\/2\/3/);
  });
});

describe('the reconciler', () => {
  it('has its counts from the start, and then what it says', async () => {
    const metrics = createMetrics();
    const app = await build({ metrics });
    expect(await valuesOf(app, 'compound_search_lease_takeovers_total')).toEqual([
      'compound_search_lease_takeovers_total 0',
    ]);
    metrics.countTakeovers(2);
    metrics.countReconciledJobs(3);
    metrics.countReconciledJobs(4);
    expect(await valuesOf(app, 'compound_search_lease_takeovers_total')).toEqual([
      'compound_search_lease_takeovers_total 2',
    ]);
    expect(await valuesOf(app, 'compound_search_reconciled_jobs_total')).toEqual([
      'compound_search_reconciled_jobs_total 7',
    ]);
  });
});
