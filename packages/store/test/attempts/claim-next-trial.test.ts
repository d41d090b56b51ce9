import { randomUUID } from 'node:crypto';

import { createScratchDatabase, createStore, type Store } from '@compound-search/store';
import { Client } from 'pg';
import { beforeEach, describe, expect, inject, it } from 'vitest';

import { pickedNext } from '../../src/attempts/claim-next-trial.ts';
import { sampleNetwork, samplePlan, sampleRequest, sampleResult } from '../sample.ts';

let databaseUrl: string;
let store: Store;
let client: Client;

/** A record of each test's own: whose turn it is depends on all searches. */
beforeEach(async () => {
  const database = await createScratchDatabase(inject('databaseUrl'));
  databaseUrl = database.databaseUrl;
  store = createStore({ databaseUrl });
  client = new Client({ connectionString: databaseUrl });
  await client.connect();
  return async () => {
    await client.end();
    await store.close();
    await database.drop();
  };
});

/** Posts a search of so many trials. */
async function post(trials: number, priority = 0): Promise<string> {
  const seeds = Array.from({ length: Math.min(trials, 100) }, (_, index) => index);
  const candidates = Math.ceil(trials / 100);
  const request = sampleRequest({ seeds, priority });
  return (await store.createSearch({ network: sampleNetwork, request, plan: samplePlan(candidates) })).searchId;
}

interface Taken {
  readonly searchId: string;
  readonly trialId: string;
  readonly token: string;
}

async function take(worker = store): Promise<Taken | null> {
  const claimed = await worker.claimNextTrial({ workerId: 'worker', leaseSeconds: 60 });
  if (claimed === null) return null;
  const { trialId } = claimed.specification;
  const trial = await store.getTrial(trialId);
  return { searchId: trial?.searchId ?? '', trialId, token: claimed.token };
}

async function finish(taken: Taken | undefined | null): Promise<void> {
  if (taken) expect(await store.completeTrial({ ...taken, result: sampleResult(0.5) })).toBe(true);
}

/** Slots that take trials and end the one that has run the longest, until so many have been started; whose they were. */
async function start(count: number, slots: number): Promise<string[]> {
  const running: Taken[] = [];
  const started: string[] = [];
  while (started.length < count) {
    if (running.length === slots) await finish(running.shift());
    const taken = await take();
    if (taken === null) break;
    running.push(taken);
    started.push(taken.searchId);
  }
  for (const taken of running) await finish(taken);
  return started;
}

function share(started: readonly string[], searchId: string): number {
  return started.filter((one) => one === searchId).length;
}

describe('claimNextTrial', () => {
  it('takes the trials of one search in the order in which they were queued, and none when there are no more', async () => {
    const searchId = await post(5);
    const taken = [];
    for (let next = await take(); next !== null; next = await take()) taken.push(next.trialId);
    const { items } = (await store.listTrials(searchId, { limit: 10 })) ?? { items: [] };
    expect(taken).toEqual(items.map(({ id }) => id));
    expect(await take()).toBeNull();
  });

  it.each([1, 2, 3])('starts trials of two searches in turn on %i slots, however many each has', async (slots) => {
    const large = await post(500);
    const early = await start(6, slots);
    expect(early).toEqual(Array.from({ length: 6 }, () => large));
    const small = await post(8);
    const started = await start(20, slots);
    // From its first turn on the small one has every other start, until it has no more.
    const own = started.slice(started.indexOf(small), started.lastIndexOf(small) + 1);
    expect(started.indexOf(small)).toBeLessThanOrEqual(1);
    expect(own).toEqual(Array.from({ length: 15 }, (_, index) => (index % 2 === 0 ? small : large)));
  });

  it('shares slots and not starts: a search of short trials keeps its slot beside one of long trials', async () => {
    const long = await post(50);
    const short = await post(50);
    const first = [await take(), await take()];
    expect(first.map((taken) => taken?.searchId).toSorted()).toEqual([long, short].toSorted());
    let running = first.find((taken) => taken?.searchId === short);
    for (let trial = 0; trial < 25; trial += 1) {
      await finish(running);
      running = await take();
      expect(running?.searchId).toBe(short);
    }
  });

  it('takes trials of a higher priority first, also of a search whose priority has been raised', async () => {
    const low = await post(20);
    const high = await post(3, 5);
    expect((await start(4, 1)).slice(0, 3)).toEqual([high, high, high]);
    const other = await post(3);
    await store.changeSearch(other, { priority: 1 });
    expect(await start(3, 1)).toEqual([other, other, other]);
    expect(await start(2, 1)).toEqual([low, low]);
  });

  it('gives every search a tenth of the starts at least, so that none starves behind one of a higher priority', async () => {
    const low = await post(100, -100);
    const high = await post(300, 100);
    const started = await start(100, 1);
    expect(share(started, low)).toBe(10);
    expect(share(started, high)).toBe(90);
  });

  it('serves ten equal searches alike', async () => {
    const searches: string[] = [];
    for (let index = 0; index < 10; index += 1) searches.push(await post(20));
    const started = await start(50, 3);
    expect(searches.map((searchId) => share(started, searchId))).toEqual(searches.map(() => 5));
  });

  it('takes what was asked for by itself before the other trials of its search', async () => {
    await post(3);
    const first = await take();
    await finish(first);
    const rerun = await store.createRerun(first?.trialId ?? '');
    expect(await take()).toMatchObject({ trialId: rerun?.job.trialId });
  });

  it('takes the tests of a winner before other trials of the same priority', async () => {
    const tested = await post(1);
    await finish(await take());
    await post(5);
    const { candidates } = (await store.getResults(tested)) ?? { candidates: [] };
    await store.beginTesting({ searchId: tested, candidateId: candidates[0]?.candidateId ?? '', seeds: [0, 1] });
    expect((await start(3, 1)).slice(0, 2)).toEqual([tested, tested]);
  });

  it('gives each trial to one of several workers that claim at the same time, and shares among the searches', async () => {
    const searches = [await post(200), await post(30)];
    const workers = Array.from({ length: 3 }, () => createStore({ databaseUrl }));
    const claims = Array.from({ length: 24 }, (_, index) => take(workers[index % workers.length]));
    const taken = await Promise.all(claims);
    await Promise.all(workers.map((worker) => worker.close()));
    expect(new Set(taken.map((one) => one?.trialId)).size).toBe(24);
    const shares = searches.map((searchId) => taken.filter((one) => one?.searchId === searchId).length);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(10);
  });

  it('leaves none without a trial of the workers that claim the last ones at the same time', async () => {
    for (let search = 0; search < 4; search += 1) await post(3);
    const workers = Array.from({ length: 3 }, () => createStore({ databaseUrl }));
    const claims = Array.from({ length: 14 }, (_, index) => take(workers[index % workers.length]));
    const taken = await Promise.all(claims);
    await Promise.all(workers.map((worker) => worker.close()));
    expect(new Set(taken.map((one) => one?.trialId)).size).toBe(12 + 1);
    expect(taken.filter((one) => one === null)).toHaveLength(2);
  });

  it('gives a holder that asks again the same trial, and no second one', async () => {
    await post(3);
    const token = randomUUID();
    const claim = () => store.claimNextTrial({ workerId: 'worker', leaseSeconds: 60, token });
    const first = await claim();
    expect(first).not.toBeNull();
    expect(await claim()).toEqual(first);
    expect(await store.claimNextTrial({ workerId: 'worker', leaseSeconds: 60, token: 'none' })).toBeNull();
    expect((await client.query(`SELECT FROM trial WHERE state = 'running'`)).rowCount).toBe(1);
  });

  it('passes over what another statement holds, and waits for nobody', async () => {
    const searchId = await post(2);
    const [first, second] = (await store.listTrials(searchId, { limit: 2 }))?.items ?? [];
    await client.query('BEGIN');
    await client.query('SELECT FROM trial WHERE id = $1 FOR UPDATE', [first?.id]);
    expect(await take()).toMatchObject({ trialId: second?.id });
    await client.query('ROLLBACK');
  });

  it('leaves trials alone that are to be trained elsewhere', async () => {
    const request = sampleRequest({ trainings: 'external' });
    await store.createSearch({ network: sampleNetwork, request, plan: samplePlan(2) });
    expect(await take()).toBeNull();
  });

  it('passes over a search that a newer version has stored', async () => {
    const newer = await post(3, 5);
    await client.query(`UPDATE search SET request = request || '{"documentVersion": 99}' WHERE id = $1`, [newer]);
    const own = await post(1);
    expect(await take()).toMatchObject({ searchId: own });
    expect(await take()).toBeNull();
  });
});

interface PlanNode {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Rows that the nodes of a plan have touched, whether they passed a filter or not. */
function rowsOf(node: PlanNode): number {
  const own = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  return (node.Plans ?? []).reduce((sum, inner) => sum + rowsOf(inner), own);
}

async function explainClaim(): Promise<PlanNode> {
  const { text, values } = pickedNext({ token: randomUUID(), workerId: 'worker' }, true);
  await client.query('BEGIN');
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) WITH RECURSIVE ${text} SELECT id FROM picked`,
    values,
  );
  await client.query('ROLLBACK');
  const [row] = rows;
  if (row === undefined) throw new Error('The server explains nothing');
  return row['QUERY PLAN'][0].Plan;
}

describe('a claim among ten thousand queued trials', () => {
  /** Rows of every search, slot and dead entry; a plan that walks over trials reads thousands. */
  const most = 250;

  it.each(['fresh', 'of before', 'none'])(
    'reads a bounded number of rows, with statistics that are %s',
    async (are) => {
      await post(10);
      if (are === 'of before') await client.query('ANALYZE');
      const large = await post(10_000);
      if (are === 'fresh') await client.query('ANALYZE');
      expect(rowsOf(await explainClaim())).toBeLessThan(most);
      await start(30, 2);
      expect(rowsOf(await explainClaim())).toBeLessThan(most);
      // Nearly all of them have ended, which the server has not noticed yet.
      await client.query(
        `UPDATE trial SET state = 'cancelled', ended_at = now()
       WHERE state = 'queued' AND search_id = $1 AND sequence % 500 <> 0`,
        [large],
      );
      await client.query('VACUUM trial');
      expect(rowsOf(await explainClaim())).toBeLessThan(most);
    },
  );

  it('reads no more where as many wait for results from elsewhere', async () => {
    const seeds = Array.from({ length: 100 }, (_, index) => index);
    const request = sampleRequest({ seeds, trainings: 'external' });
    await store.createSearch({ network: sampleNetwork, request, plan: samplePlan(100) });
    await post(3);
    await client.query('ANALYZE');
    expect(rowsOf(await explainClaim())).toBeLessThan(most);
  });
});
