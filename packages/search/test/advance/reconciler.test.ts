import type { SearchRequestInput, SearchView } from '@compound-search/contracts';
import { searchRequestSchema } from '@compound-search/contracts';
import { findBaseline } from '@compound-search/networks';
import { createTrialQueue } from '@compound-search/queue';
import { createStore } from '@compound-search/store';
import { Client } from 'pg';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';

import { type Outcome, outcomeOf as readOutcome } from '../../../store/test/outcome.ts';
import { reconcile } from '../../src/advance/reconcile.ts';
import { createReconciler } from '../../src/advance/reconciler.ts';
import { planRequest } from '../../src/plan/plan-request.ts';
import { sampleRequest } from '../sample-request.ts';
import { useRecord } from '../search-service.ts';
import { claimNext, diverge, runQueued, trainWell } from '../simulated-worker.ts';

const record = useRecord();
const network = findBaseline('efficientnet-micro');
const silent = pino({ level: 'silent' });

/** One pass over the record. */
function pass(): Promise<void> {
  return reconcile({ store: record().store, queue: record().queue, log: silent, queuedSeconds: 0 });
}

/** Stores a search without telling the queue, as when the process dies right after the commit. */
async function store(changes: Partial<SearchRequestInput> = {}): Promise<string> {
  const request = searchRequestSchema.parse(sampleRequest(changes));
  const plan = await planRequest(request, network, { maximumCandidates: 100 });
  return (await record().store.createSearch({ request, network, plan })).searchId;
}

async function read(searchId: string): Promise<SearchView> {
  const search = await record().store.getSearch(searchId);
  if (search === null) throw new Error(`Search ${searchId} is gone`);
  return search;
}

function outcomeOf(searchId: string): Promise<Outcome> {
  return readOutcome(record().store, searchId);
}

async function queuedTrials(): Promise<number> {
  return (await record().store.trialsToEnqueue({ queuedSeconds: 0, limit: 10_000 })).length;
}

describe('a pass of the reconciler', () => {
  it('brings a search from its ranking trials over the test of the winner to its end', async () => {
    const searchId = await store({ seeds: [5, 6] });
    await pass();
    expect(await record().queue.counts()).toMatchObject({ waiting: (await read(searchId)).trials.total });

    await runQueued(record().store, trainWell);
    expect(await read(searchId)).toMatchObject({ state: 'running' });

    await pass();
    const { candidates, winnerCandidateId, state } = await outcomeOf(searchId);
    expect(state).toBe('testing');
    const winner = candidates.find(({ candidateId }) => candidateId === winnerCandidateId)?.candidate;
    const expected = candidates
      .map(({ candidate }) => candidate)
      .sort(
        (one, other) =>
          Math.abs(one.multipliers.width - 1.1) +
          one.multipliers.depth / 100 -
          Math.abs(other.multipliers.width - 1.1) -
          other.multipliers.depth / 100,
      )[0];
    expect(winner?.multipliers).toEqual(expected?.multipliers);

    const tested = await runQueued(record().store, trainWell);
    expect(tested.map(({ purpose, seed, fingerprint }) => ({ purpose, seed, fingerprint }))).toEqual([
      { purpose: 'test', seed: 5, fingerprint: winner?.fingerprint },
      { purpose: 'test', seed: 6, fingerprint: winner?.fingerprint },
    ]);
    await pass();
    expect(await read(searchId)).toMatchObject({ state: 'completed', progress: { fraction: 1 } });
  });

  it('leaves a search alone whose record cannot be read, says so once, and moves all others on', async () => {
    const broken = await store({ seeds: [5] });
    const whole = await store({ seeds: [5] });
    await runQueued(record().store, trainWell);
    const client = new Client({ connectionString: record().databaseUrl });
    await client.connect();
    await client.query(`UPDATE search SET baseline = '{"documentVersion": 1}' WHERE id = $1`, [broken]);
    await client.end();
    const lines: unknown[] = [];
    const log = pino({ level: 'error' }, { write: (line) => void lines.push(JSON.parse(line)) });
    const parts = { store: record().store, queue: record().queue, log, unreadable: new Set<string>() };
    await reconcile(parts);
    await reconcile(parts);
    expect(await read(whole)).toMatchObject({ state: 'testing' });
    expect(await read(broken)).toMatchObject({ state: 'running' });
    expect(lines).toEqual([expect.objectContaining({ searchId: broken })]);
  });

  it('changes nothing in a search that has ended', async () => {
    const searchId = await store();
    await runQueued(record().store, trainWell);
    await pass();
    await runQueued(record().store, trainWell);
    await pass();
    const ended = await read(searchId);
    await pass();
    expect(await read(searchId)).toEqual(ended);
    expect(await queuedTrials()).toBe(0);
  });

  it('leaves a search alone while one of its trials is open', async () => {
    const searchId = await store({ seeds: [1] });
    const open = await claimNext(record().store);
    await runQueued(record().store, trainWell);
    await pass();
    expect(await read(searchId)).toMatchObject({ state: 'running', trials: { running: 1 } });
    expect(open).not.toBeNull();
    await record().store.cancelSearch(searchId);
  });

  it('ends a search whose ranking trials failed in part as completed with failures', async () => {
    const searchId = await store({ seeds: [1, 2] });
    const { fingerprint } = (await outcomeOf(searchId)).candidates[0]?.candidate ?? {};
    await runQueued(record().store, (specification) =>
      specification.fingerprint === fingerprint && specification.seed === 1 ? diverge() : trainWell(specification),
    );
    await pass();
    await runQueued(record().store, trainWell);
    await pass();
    expect(await read(searchId)).toMatchObject({
      state: 'completed_with_failures',
      trials: { failed: 1 },
      testTrials: { total: 2, completed: 2 },
    });
  });

  it('ends a search whose winner fails its test as completed with failures', async () => {
    const searchId = await store({ seeds: [1] });
    await runQueued(record().store, trainWell);
    await pass();
    await runQueued(record().store, diverge);
    await pass();
    expect(await read(searchId)).toMatchObject({ state: 'completed_with_failures', testTrials: { failed: 1 } });
  });

  it('repeats only the seeds of the winner whose ranking trials completed', async () => {
    const searchId = await store({ seeds: [1, 2], grid: { alpha: [1.2], beta: [1.1], gamma: [1.15] } });
    await runQueued(record().store, (specification) =>
      specification.seed === 1 ? diverge() : trainWell(specification),
    );
    await pass();
    const tested = await runQueued(record().store, trainWell);
    expect(tested.map(({ seed }) => seed)).toEqual([2]);
    await pass();
    expect(await read(searchId)).toMatchObject({ state: 'completed_with_failures' });
  });

  it('ends a search without any completed ranking trial as failed, and tests nothing', async () => {
    const searchId = await store();
    await runQueued(record().store, diverge);
    await pass();
    expect(await read(searchId)).toMatchObject({ state: 'failed', testTrials: { total: 0 } });
    expect(await queuedTrials()).toBe(0);
  });

  it('does not touch a cancelled search', async () => {
    const searchId = await store();
    await record().store.cancelSearch(searchId);
    await pass();
    expect(await read(searchId)).toMatchObject({ state: 'cancelled', trials: { queued: 0 }, testTrials: { total: 0 } });
  });

  it('queues a trial again, as the next attempt, when its lease has run out', async () => {
    const searchId = await store({ seeds: [1], grid: { alpha: [1.2], beta: [1.1], gamma: [1.15] } });
    const lost = await claimNext(record().store, 0.01);
    await expect.poll(() => pass().then(() => read(searchId))).toMatchObject({ trials: { queued: 1, running: 0 } });
    const again = await claimNext(record().store);
    expect(again?.specification).toEqual({ ...lost?.specification, attempt: 2 });
    await record().store.cancelSearch(searchId);
  });

  it('fills a queue that was wiped from the record, with what is next to be run', async () => {
    const request = searchRequestSchema.parse(
      sampleRequest({ seeds: Array.from({ length: 100 }, (_, index) => index) }),
    );
    const plan = await planRequest(request, network, { maximumCandidates: 100 });
    // As many candidates as it takes for more than the thousand trials of one look.
    const [candidate] = plan.candidates;
    if (candidate === undefined) throw new Error('The plan has a candidate');
    const candidates = Array.from({ length: 11 }, (_, index) => ({ ...candidate, fingerprint: `network-${index}` }));
    const { searchId } = await record().store.createSearch({ request, network, plan: { ...plan, candidates } });
    const prefix = `test-wiped-${searchId}`;
    const queue = createTrialQueue({ redisUrl: record().redisUrl, prefix });
    onTestFinished(() => queue.close());
    const refill = (): Promise<void> => reconcile({ store: record().store, queue, log: silent, queuedSeconds: 0 });
    await refill();
    expect(await queue.counts()).toEqual({ waiting: 1000, active: 0 });
    await refill();
    expect(await queue.counts()).toEqual({ waiting: 1000, active: 0 });
    await record().store.cancelSearch(searchId);
  });

  it('counts the trials that it takes back, and the jobs that it puts back', async () => {
    const searchId = await store({ seeds: [1] });
    const total = (await read(searchId)).trials.total;
    const queue = createTrialQueue({ redisUrl: record().redisUrl, prefix: `test-counted-${searchId}` });
    onTestFinished(() => queue.close());
    const counts = { takeovers: 0, jobs: 0 };
    const counter = {
      countTakeovers: (trials: number) => void (counts.takeovers += trials),
      countReconciledJobs: (jobs: number) => void (counts.jobs += jobs),
    };
    const counted = { store: record().store, queue, log: silent, queuedSeconds: 0, counter };
    await reconcile(counted);
    expect(counts).toEqual({ takeovers: 0, jobs: total });
    // A lease that has run out already.
    await claimNext(record().store, -1);
    await reconcile(counted);
    expect(counts).toEqual({ takeovers: 1, jobs: total + 1 });
    await record().store.cancelSearch(searchId);
  });

  it('tests a winner once when several reconcilers see the last trial end', async () => {
    const searchId = await store({ seeds: [1, 2] });
    await runQueued(record().store, trainWell);
    await Promise.all([pass(), pass(), pass()]);
    expect(await read(searchId)).toMatchObject({ state: 'testing', testTrials: { total: 2, queued: 2 } });
    await runQueued(record().store, trainWell);
    await Promise.all([pass(), pass(), pass()]);
    expect(await read(searchId)).toMatchObject({ state: 'completed', testTrials: { total: 2, completed: 2 } });
  });

  it('does the other steps although one fails, and reports the failure', async () => {
    const searchId = await store({ seeds: [1] });
    await runQueued(record().store, trainWell);
    const broken = {
      add: () => Promise.reject(new Error('no queue')),
      counts: () => Promise.reject(new Error('none')),
    };
    const cut = reconcile({ store: record().store, queue: broken, log: silent });
    await expect(cut).rejects.toBeInstanceOf(AggregateError);
    expect(await read(searchId)).toMatchObject({ state: 'testing', testTrials: { queued: 1 } });
    await pass();
    expect((await record().queue.counts()).waiting).toBeGreaterThanOrEqual(1);
    await record().store.cancelSearch(searchId);
  });
});

describe('the timer of the reconciler', () => {
  it('makes pass after pass until it is stopped, and none after', async () => {
    const searchId = await store({ seeds: [1] });
    const running = createReconciler({
      store: record().store,
      queue: record().queue,
      log: silent,
      intervalMilliseconds: 5,
    });
    running.start();
    await runQueued(record().store, trainWell);
    await expect.poll(() => read(searchId)).toMatchObject({ state: 'testing' });
    await runQueued(record().store, trainWell);
    await expect.poll(() => read(searchId)).toMatchObject({ state: 'completed' });
    await running.stop();
    const after = await store({ seeds: [1] });
    await runQueued(record().store, trainWell);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await read(after)).toMatchObject({ state: 'running' });
    await pass();
    await record().store.cancelSearch(after);
  });

  it('logs a pass that fails, and goes on once the database is back', async () => {
    const lines: unknown[] = [];
    const log = {
      info: () => undefined,
      debug: () => undefined,
      warn: () => undefined,
      error: (...line: unknown[]) => lines.push(line),
    };
    const away = createStore({ databaseUrl: 'postgresql://nobody@127.0.0.1:9/none' });
    onTestFinished(() => away.close());
    let use = away;
    const switching = {
      ...record().store,
      expireLeases: () => use.expireLeases(),
      searchesToAdvance: () => use.searchesToAdvance(),
      trialsToEnqueue: (input: Parameters<typeof away.trialsToEnqueue>[0]) => use.trialsToEnqueue(input),
    };
    const searchId = await store({ seeds: [1] });
    await runQueued(record().store, trainWell);
    const running = createReconciler({
      store: switching,
      queue: record().queue,
      log,
      intervalMilliseconds: 5,
    });
    onTestFinished(() => running.stop());
    running.start();
    await expect.poll(() => lines.length).toBeGreaterThan(1);
    use = record().store;
    await expect.poll(() => read(searchId)).toMatchObject({ state: 'testing' });
    await record().store.cancelSearch(searchId);
  });

  it('never starts a pass while another is under way', async () => {
    let under = 0;
    let most = 0;
    let passes = 0;
    const slow = {
      ...record().store,
      expireLeases: async () => {
        most = Math.max(most, ++under);
        await new Promise((resolve) => setTimeout(resolve, 30));
        under -= 1;
        passes += 1;
        return { requeued: [], failed: [] };
      },
    };
    const running = createReconciler({ store: slow, queue: record().queue, log: silent, intervalMilliseconds: 1 });
    running.start();
    await expect.poll(() => passes).toBeGreaterThan(3);
    await running.stop();
    expect({ under, most }).toEqual({ under: 0, most: 1 });
  });
});
