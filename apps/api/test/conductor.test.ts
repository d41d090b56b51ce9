import type { SearchRequestInput, SearchView } from '@compound-search/contracts';
import { searchRequestSchema } from '@compound-search/contracts';
import { findBaseline } from '@compound-search/networks';
import { createTrialQueue } from '@compound-search/queue';
import { createStore } from '@compound-search/store';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { createConductor } from '../src/conductor.ts';
import { planRequest } from '../src/plan-request.ts';
import { sampleRequest } from './sample-request.ts';
import { useService } from './service.ts';
import { claimNext, diverge, runQueued, trainWell } from './simulated-worker.ts';

const service = useService();
const network = findBaseline('efficientnet-micro');
const silent = pino({ level: 'silent' });

function conductor() {
  return createConductor({ store: service().store, queue: service().queue, logger: silent });
}

/** Stores a search without telling the queue, as when the process dies right after the commit. */
async function store(changes: Partial<SearchRequestInput> = {}): Promise<string> {
  const request = searchRequestSchema.parse(sampleRequest(changes));
  const plan = await planRequest(request, network, { maximumCandidates: 100 });
  return (await service().store.createSearch({ request, network, plan })).searchId;
}

async function read(searchId: string): Promise<SearchView> {
  const search = await service().store.getSearch(searchId);
  if (search === null) throw new Error(`Search ${searchId} is gone`);
  return search;
}

async function outcomeOf(searchId: string) {
  const outcome = await service().store.getOutcome(searchId);
  if (outcome === null) throw new Error(`Search ${searchId} is gone`);
  return outcome;
}

describe('a round of the conductor', () => {
  it('brings a search from its ranking trials over the test of the winner to its end', async () => {
    const searchId = await store({ seeds: [5, 6] });
    await conductor().round();
    expect(await service().queue.counts()).toMatchObject({ waiting: (await read(searchId)).trials.total });

    await runQueued(service().store, trainWell);
    expect(await read(searchId)).toMatchObject({ state: 'running' });

    await conductor().round();
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

    const tested = await runQueued(service().store, trainWell);
    expect(tested.map(({ purpose, seed, fingerprint }) => ({ purpose, seed, fingerprint }))).toEqual([
      { purpose: 'test', seed: 5, fingerprint: winner?.fingerprint },
      { purpose: 'test', seed: 6, fingerprint: winner?.fingerprint },
    ]);
    await conductor().round();
    expect(await read(searchId)).toMatchObject({ state: 'completed', progress: { fraction: 1 } });
  });

  it('changes nothing in a search that has ended', async () => {
    const searchId = await store();
    await runQueued(service().store, trainWell);
    await conductor().round();
    await runQueued(service().store, trainWell);
    await conductor().round();
    const ended = await read(searchId);
    await conductor().round();
    expect(await read(searchId)).toEqual(ended);
    expect(await service().store.countQueued()).toBe(0);
  });

  it('leaves a search alone while one of its trials is open', async () => {
    const searchId = await store({ seeds: [1] });
    const open = await claimNext(service().store);
    await runQueued(service().store, trainWell);
    await conductor().round();
    expect(await read(searchId)).toMatchObject({ state: 'running', trials: { running: 1 } });
    expect(open).not.toBeNull();
    await service().store.cancelSearch(searchId);
  });

  it('ends a search whose ranking trials failed in part as completed with failures', async () => {
    const searchId = await store({ seeds: [1, 2] });
    const { fingerprint } = (await outcomeOf(searchId)).candidates[0]?.candidate ?? {};
    await runQueued(service().store, (specification) =>
      specification.fingerprint === fingerprint && specification.seed === 1 ? diverge() : trainWell(specification),
    );
    await conductor().round();
    await runQueued(service().store, trainWell);
    await conductor().round();
    expect(await read(searchId)).toMatchObject({
      state: 'completed_with_failures',
      trials: { failed: 1 },
      testTrials: { total: 2, completed: 2 },
    });
  });

  it('ends a search whose winner fails its test as completed with failures', async () => {
    const searchId = await store({ seeds: [1] });
    await runQueued(service().store, trainWell);
    await conductor().round();
    await runQueued(service().store, diverge);
    await conductor().round();
    expect(await read(searchId)).toMatchObject({ state: 'completed_with_failures', testTrials: { failed: 1 } });
  });

  it('repeats only the seeds of the winner whose ranking trials completed', async () => {
    const searchId = await store({ seeds: [1, 2], grid: { alpha: [1.2], beta: [1.1], gamma: [1.15] } });
    await runQueued(service().store, (specification) =>
      specification.seed === 1 ? diverge() : trainWell(specification),
    );
    await conductor().round();
    const tested = await runQueued(service().store, trainWell);
    expect(tested.map(({ seed }) => seed)).toEqual([2]);
    await conductor().round();
    expect(await read(searchId)).toMatchObject({ state: 'completed_with_failures' });
  });

  it('ends a search without any completed ranking trial as failed, and tests nothing', async () => {
    const searchId = await store();
    await runQueued(service().store, diverge);
    await conductor().round();
    expect(await read(searchId)).toMatchObject({ state: 'failed', testTrials: { total: 0 } });
    expect(await service().store.countQueued()).toBe(0);
  });

  it('does not touch a cancelled search', async () => {
    const searchId = await store();
    await service().store.cancelSearch(searchId);
    await conductor().round();
    expect(await read(searchId)).toMatchObject({ state: 'cancelled', trials: { queued: 0 }, testTrials: { total: 0 } });
  });

  it('queues a trial again, as the next attempt, when its lease has run out', async () => {
    const searchId = await store({ seeds: [1], grid: { alpha: [1.2], beta: [1.1], gamma: [1.15] } });
    const lost = await claimNext(service().store, 0.01);
    await vi.waitFor(async () => {
      await conductor().round();
      expect(await read(searchId)).toMatchObject({ trials: { queued: 1, running: 0 } });
    });
    const again = await claimNext(service().store);
    expect(again?.specification).toEqual({ ...lost?.specification, attempt: 2 });
    await service().store.cancelSearch(searchId);
  });

  it('fills a queue that was wiped from the record, however many pages that takes', async () => {
    const request = searchRequestSchema.parse(
      sampleRequest({ seeds: Array.from({ length: 100 }, (_, index) => index) }),
    );
    const plan = await planRequest(request, network, { maximumCandidates: 100 });
    // As many candidates as it takes for more than one page of a thousand trials.
    const [candidate] = plan.candidates;
    if (candidate === undefined) throw new Error('The plan has a candidate');
    const candidates = Array.from({ length: 11 }, (_, index) => ({ ...candidate, fingerprint: `network-${index}` }));
    const { searchId } = await service().store.createSearch({ request, network, plan: { ...plan, candidates } });
    const prefix = `test-wiped-${searchId}`;
    const queue = createTrialQueue({ redisUrl: service().redisUrl, prefix });
    onTestFinished(() => queue.close());
    const refill = createConductor({ store: service().store, queue, logger: silent });
    await refill.round();
    expect(await queue.counts()).toEqual({ waiting: 1100, active: 0 });
    await refill.round();
    expect(await queue.counts()).toEqual({ waiting: 1100, active: 0 });
    await service().store.cancelSearch(searchId);
  });

  it('tests a winner once when several conductors see the last trial end', async () => {
    const searchId = await store({ seeds: [1, 2] });
    await runQueued(service().store, trainWell);
    const [one, two, three] = [conductor(), conductor(), conductor()];
    await Promise.all([one.round(), two.round(), three.round()]);
    expect(await read(searchId)).toMatchObject({ state: 'testing', testTrials: { total: 2, queued: 2 } });
    await runQueued(service().store, trainWell);
    await Promise.all([one.round(), two.round(), three.round()]);
    expect(await read(searchId)).toMatchObject({ state: 'completed', testTrials: { total: 2, completed: 2 } });
  });

  it('does the other steps although one fails, and reports the failure', async () => {
    const searchId = await store({ seeds: [1] });
    await runQueued(service().store, trainWell);
    const broken = {
      add: () => Promise.reject(new Error('no queue')),
      counts: () => Promise.reject(new Error('none')),
    };
    const cut = createConductor({ store: service().store, queue: broken, logger: silent });
    await expect(cut.round()).rejects.toBeInstanceOf(AggregateError);
    expect(await read(searchId)).toMatchObject({ state: 'testing', testTrials: { queued: 1 } });
    await conductor().round();
    expect((await service().queue.counts()).waiting).toBeGreaterThanOrEqual(1);
    await service().store.cancelSearch(searchId);
  });
});

describe('the timer of the conductor', () => {
  it('does round after round until it is stopped, and none after', async () => {
    const searchId = await store({ seeds: [1] });
    const running = createConductor({
      store: service().store,
      queue: service().queue,
      logger: silent,
      intervalMilliseconds: 5,
    });
    running.start();
    await runQueued(service().store, trainWell);
    await vi.waitFor(async () => expect(await read(searchId)).toMatchObject({ state: 'testing' }));
    await runQueued(service().store, trainWell);
    await vi.waitFor(async () => expect(await read(searchId)).toMatchObject({ state: 'completed' }));
    await running.stop();
    const after = await store({ seeds: [1] });
    await runQueued(service().store, trainWell);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await read(after)).toMatchObject({ state: 'running' });
    await conductor().round();
    await service().store.cancelSearch(after);
  });

  it('logs a round that fails, and goes on once the database is back', async () => {
    const lines: unknown[] = [];
    const logger = {
      info: () => undefined,
      debug: () => undefined,
      warn: () => undefined,
      error: (...line: unknown[]) => lines.push(line),
    };
    const away = createStore({ databaseUrl: 'postgresql://nobody@127.0.0.1:9/none' });
    onTestFinished(() => away.close());
    let use = away;
    const switching = {
      ...service().store,
      expireLeases: () => use.expireLeases(),
      searchesToAdvance: () => use.searchesToAdvance(),
      countQueued: () => use.countQueued(),
    };
    const searchId = await store({ seeds: [1] });
    await runQueued(service().store, trainWell);
    const running = createConductor({
      store: switching,
      queue: service().queue,
      logger,
      intervalMilliseconds: 5,
    });
    onTestFinished(() => running.stop());
    running.start();
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(1));
    use = service().store;
    await vi.waitFor(async () => expect(await read(searchId)).toMatchObject({ state: 'testing' }), { timeout: 30_000 });
    await service().store.cancelSearch(searchId);
  });

  it('never starts a round while another is under way', async () => {
    let under = 0;
    let most = 0;
    let rounds = 0;
    const slow = {
      ...service().store,
      expireLeases: async () => {
        most = Math.max(most, ++under);
        await new Promise((resolve) => setTimeout(resolve, 30));
        under -= 1;
        rounds += 1;
        return { requeued: [], failed: [] };
      },
    };
    const running = createConductor({ store: slow, queue: service().queue, logger: silent, intervalMilliseconds: 1 });
    running.start();
    await vi.waitFor(() => expect(rounds).toBeGreaterThan(3));
    await running.stop();
    expect({ under, most }).toEqual({ under: 0, most: 1 });
  });
});
