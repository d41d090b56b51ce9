import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { SearchRequestInput, SearchView } from '@compound-search/contracts';
import { createClient } from '@compound-search/sdk';
import { createStore } from '@compound-search/store';
import type { FastifyInstance } from 'fastify';
import { Client } from 'pg';
import { pino } from 'pino';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { claimNext, runQueued, trainWell } from '../../../../packages/search/test/simulated-worker.ts';
import { buildApp } from '../../src/app.ts';
import { useService } from '../service.ts';
import { type EventReader, type ReadEvent, readEvents } from './event-reader.ts';
import { searchResults } from './search-results.ts';

const paces = { trials: 1, leaderboard: 1, search: 1 };
const service = useService({ streams: { paces, most: 50 } });
const { post, advance } = searchResults(service);
let baseUrl: string;

beforeAll(async () => {
  baseUrl = await service().app.listen({ host: '127.0.0.1', port: 0 });
});

function follow(searchId: string, headers?: Record<string, string>): Promise<EventReader> {
  return readEvents(`${baseUrl}/v1/searches/${searchId}/events`, headers);
}

function isOf<K extends ReadEvent['type']>(kind: K) {
  return (event: ReadEvent): event is Extract<ReadEvent, { type: K }> => event.type === kind;
}

/** Whether an event tells of a trial in a state. */
function tells(trialId: string, state: string): (event: ReadEvent) => boolean {
  return (event) => event.type === 'trials' && event.trials.some((one) => one.id === trialId && one.state === state);
}

async function trialsOf(searchId: string): Promise<string[]> {
  return ((await service().store.listTrials(searchId, { limit: 100 }))?.items ?? []).map(({ id }) => id);
}

/** A small search alone: trials of others would be claimed before its own. */
async function startSearch(changes: Partial<SearchRequestInput> = {}): Promise<SearchView> {
  const search = await post({ strategy: 'full', seeds: [1], ...changes });
  onTestFinished(async () => {
    await service().store.cancelSearch(search.id);
  });
  return search;
}

/** A transaction that the test ends. */
async function openTransaction(): Promise<Client> {
  const client = new Client({ connectionString: service().databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('BEGIN');
  return client;
}

describe('GET /v1/searches/{id}/events', () => {
  it('is a stream that nobody keeps, compresses or holds back', async () => {
    const { id } = await startSearch();
    const { response } = await follow(id, { 'accept-encoding': 'gzip' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/u);
    expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(response.headers.get('content-encoding')).toBeNull();
  });

  it('tells first from where on, then how the search stands', async () => {
    const search = await startSearch();
    const reader = await follow(search.id);
    const { search: status } = await reader.first(isOf('search'));
    expect(reader.events.slice(0, 2).map(({ type }) => type)).toEqual(['cursor', 'search']);
    expect(reader.events[0]).toMatchObject({ type: 'cursor', cursor: reader.events[0]?.id });
    expect(search).toMatchObject(status);
    expect(status).not.toHaveProperty('request');
  });

  it('tells of trials, of the leaderboard and of the end, which is the last event', async () => {
    const { id, trials } = await startSearch();
    const reader = await follow(id);
    await reader.first(isOf('search'));
    await runQueued(service().store, trainWell);
    const { revision } = await reader.first(isOf('leaderboard'));
    expect(revision).toBeGreaterThan(0);
    const [first = ''] = await trialsOf(id);
    await reader.first(tells(first, 'completed'));
    await advance();
    await runQueued(service().store, trainWell);
    await advance();
    await reader.ended;
    expect(reader.events.at(-1)).toMatchObject({ type: 'ended', searchId: id, state: 'completed' });
    const told = new Map(
      reader.events.filter(isOf('trials')).flatMap((event) => event.trials.map((one) => [one.id, one])),
    );
    expect([...told.keys()].toSorted()).toEqual((await trialsOf(id)).toSorted());
    expect(
      [...told.values()].every(({ state, validationAccuracy }) => state === 'completed' && validationAccuracy !== null),
    ).toBe(true);
    const status = reader.events.filter(isOf('search')).at(-1)?.search;
    expect(status).toMatchObject({
      state: 'completed',
      trials: { completed: trials.total },
      progress: { fraction: 1 },
    });
  });

  it('tells of one that has ended how it stands, and ends', async () => {
    const { id } = await startSearch();
    await service().store.cancelSearch(id);
    const reader = await follow(id);
    await reader.ended;
    expect(reader.events.map(({ type }) => type)).toEqual(['cursor', 'search', 'ended']);
  });

  it.each(['last-event-id', 'since'])(
    'goes on by %s with what has changed in between, and nothing else',
    async (by) => {
      const { id } = await startSearch();
      const before = await follow(id);
      await before.first(isOf('search'));
      before.close();
      const cursor = before.events.at(-1)?.id ?? '';
      const claimed = await claimNext(service().store);
      const trialId = claimed?.specification.trialId ?? '';
      const again =
        by === 'since'
          ? await readEvents(`${baseUrl}/v1/searches/${id}/events?since=${cursor}`)
          : await follow(id, { 'last-event-id': cursor });
      await again.first(tells(trialId, 'running'));
      expect(again.events[0]).toMatchObject({ type: 'cursor', cursor });
      expect(again.events.filter(isOf('trials')).flatMap(({ trials }) => trials.map((one) => one.id))).toContain(
        trialId,
      );
    },
  );

  it('loses nothing of a transaction that began before the cursor and commits after it', async () => {
    const { id } = await startSearch();
    const [early = '', late = ''] = await trialsOf(id);
    const transaction = await openTransaction();
    // Its number is the lowest of all that follow.
    await transaction.query('SELECT pg_current_xact_id()');
    const before = await follow(id);
    await before.first(isOf('search'));
    await service().execute(`UPDATE trial SET state = 'cancelled', ended_at = now() WHERE id = $1`, [early]);
    await before.first(tells(early, 'cancelled'));
    before.close();
    await transaction.query(`UPDATE trial SET state = 'cancelled', ended_at = now() WHERE id = $1`, [late]);
    await transaction.query('COMMIT');
    const again = await follow(id, { 'last-event-id': before.events.at(-1)?.id ?? '' });
    await again.first(tells(late, 'cancelled'));
  });

  it('tells who follows of a transaction that commits late, as soon as it has', async () => {
    const { id } = await startSearch();
    const [early = '', late = ''] = await trialsOf(id);
    const transaction = await openTransaction();
    await transaction.query('SELECT pg_current_xact_id()');
    const reader = await follow(id);
    await reader.first(isOf('search'));
    await service().execute(`UPDATE trial SET step = 1 WHERE id = $1`, [early]);
    await reader.first(tells(early, 'queued'));
    await transaction.query(`UPDATE trial SET state = 'cancelled', ended_at = now() WHERE id = $1`, [late]);
    await transaction.query('COMMIT');
    await reader.first(tells(late, 'cancelled'));
    // What the next reading finds again is not told again.
    const told = reader.events.filter(isOf('trials')).flatMap(({ trials }) => trials.map((one) => one.id));
    expect(told).toEqual([early, late]);
  });

  it('says that all is to be read again where the cursor is of another database', async () => {
    const { id } = await startSearch();
    const reader = await follow(id, { 'last-event-id': '999999999999999999' });
    await reader.first(isOf('search'));
    const [cursor, reset] = reader.events;
    expect(reset).toMatchObject({ type: 'reset' });
    expect(cursor).not.toMatchObject({ cursor: '999999999999999999' });
  });

  it('ends with the deletion of the search', async () => {
    const search = await startSearch();
    const { id } = search;
    await service().store.cancelSearch(id);
    // It has ended, so that the stream would have too: only one that waits for a retry meets a deletion.
    await service().execute(`UPDATE search SET state = 'running', ended_at = NULL WHERE id = $1`, [id]);
    const reader = await follow(id);
    await reader.first(isOf('search'));
    await service().execute(`UPDATE search SET state = 'cancelled', ended_at = now() WHERE id = $1`, [id]);
    await service().app.inject({ method: 'DELETE', url: `/v1/searches/${id}` });
    await reader.ended;
    expect(reader.events.at(-1)).toMatchObject({ type: 'deleted', searchId: id });
    expect((await follow(id)).response.status).toBe(404);
  });

  it('knows no search that does not exist', async () => {
    for (const id of [randomUUID(), 'none']) {
      const response = await fetch(`${baseUrl}/v1/searches/${id}/events`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 'NOT_FOUND', field: 'id', value: id });
    }
  });

  it('refuses a cursor that is none', async () => {
    const { id } = await startSearch();
    const byHeader = await fetch(`${baseUrl}/v1/searches/${id}/events`, { headers: { 'last-event-id': 'yesterday' } });
    expect(byHeader.status).toBe(400);
    expect(await byHeader.json()).toMatchObject({
      code: 'VALIDATION_FAILED',
      field: 'last-event-id',
      value: 'yesterday',
    });
    const byQuery = await fetch(`${baseUrl}/v1/searches/${id}/events?since=-1`);
    expect(await byQuery.json()).toMatchObject({ code: 'VALIDATION_FAILED', field: 'since' });
  });
});

describe('a client that watches a search', () => {
  it('is told of it to its end, also where the service is another one in between', async () => {
    const { id } = await startSearch();
    const other = await anotherInstance();
    const [first] = await trialsOf(id);
    const states = new Map<string, string>();
    let since: string | null = null;
    for await (const event of createClient({ baseUrl: other.url }).watchSearch(id)) {
      since = event.cursor;
      if (event.type === 'search') break;
    }
    await other.app.close();
    const claimed = await claimNext(service().store);
    expect(claimed?.specification.trialId).toBe(first);
    for await (const event of createClient({ baseUrl }).watchSearch(id, since === null ? {} : { since })) {
      for (const trial of event.type === 'trials' ? event.trials : []) states.set(trial.id, trial.state);
      if (states.get(first ?? '') === 'running') await service().store.cancelSearch(id);
    }
    expect([...states.keys()].toSorted()).toEqual((await trialsOf(id)).toSorted());
    expect(new Set(states.values())).toEqual(new Set(['cancelled']));
  });
});

describe('GET /v1/events', () => {
  it('tells of all searches, new and deleted ones too', async () => {
    const reader = await readEvents(`${baseUrl}/v1/events`);
    await reader.first(isOf('cursor'));
    const one = await startSearch();
    const other = await startSearch();
    for (const { id } of [one, other]) {
      await reader.first((event) => event.type === 'search' && event.search.id === id);
      await service().store.cancelSearch(id);
      await reader.first(
        (event) => event.type === 'search' && event.search.id === id && event.search.state === 'cancelled',
      );
      await service().app.inject({ method: 'DELETE', url: `/v1/searches/${id}` });
      await reader.first((event) => event.type === 'deleted' && event.searchId === id);
    }
  });

  it('is told the same by every instance of the service on one database', async () => {
    const { url: other } = await anotherInstance();
    const readers = await Promise.all([baseUrl, other].map((url) => readEvents(`${url}/v1/events`)));
    await Promise.all(readers.map((reader) => reader.first(isOf('cursor'))));
    const { id } = await startSearch();
    await Promise.all(
      readers.map((reader) => reader.first((event) => event.type === 'search' && event.search.id === id)),
    );
  });

  it('goes on after the connection that listens has been cut', async () => {
    const reader = await readEvents(`${baseUrl}/v1/events`);
    await reader.first(isOf('cursor'));
    await service().execute(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'compound-search events'`,
      [],
    );
    const { id } = await startSearch();
    await reader.first((event) => event.type === 'search' && event.search.id === id);
    expect(service().log).toContainEqual(expect.objectContaining({ msg: 'the database cannot be listened to' }));
  });
});

/** A service of its own on the same database. */
async function anotherInstance(streams = {}): Promise<{ readonly app: FastifyInstance; readonly url: string }> {
  const { databaseUrl, queue } = service();
  const store = createStore({ databaseUrl });
  const app = await buildApp({
    store,
    queue,
    limits: { maximumCandidates: 200 },
    bodyLimit: 1024 ** 2,
    streams: { paces, ...streams },
    logger: pino({ level: 'silent' }),
  });
  onTestFinished(async () => {
    await app.close();
    await store.close();
  });
  return { app, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
}

describe('streams of events', () => {
  it('show that they are alive while nothing happens', async () => {
    const reader = await readEvents(`${(await anotherInstance({ heartbeatMilliseconds: 5 })).url}/v1/events`);
    await reader.commented(3);
  });

  it('are refused where there are as many as there may be, until one ends', async () => {
    const url = `${(await anotherInstance({ most: 1 })).url}/v1/events`;
    const reader = await readEvents(url);
    await reader.first(isOf('cursor'));
    const refused = await fetch(url);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(await refused.json()).toMatchObject({ code: 'STREAMS_EXHAUSTED' });
    reader.close();
    await expect.poll(async () => (await readEvents(url)).response.status).toBe(200);
  });
});

describe('a service that closes', () => {
  it('ends fifty streams at once, and is closed', async () => {
    const { app, url } = await anotherInstance();
    const readers = await Promise.all(Array.from({ length: 50 }, () => readEvents(`${url}/v1/events`)));
    await Promise.all(readers.map((reader) => reader.first(isOf('cursor'))));
    const late = sleep(1000, 'it still closes');
    expect(await Promise.race([app.close().then(() => 'closed'), late])).toBe('closed');
    await Promise.all(readers.map(({ ended }) => ended));
  });
});
