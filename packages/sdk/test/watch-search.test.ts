import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type SearchEvent, searchStatusSchema, type SearchView } from '@compound-search/contracts';
import { createClient, type WatchedEvent, type WatchOptions } from '@compound-search/sdk';
import { describe, expect, it, onTestFinished } from 'vitest';

import { failure, searchIn } from './scripted-service.ts';

const stream = { 'content-type': 'text/event-stream' };
const quick = { intervalMilliseconds: 1 };

interface Script {
  /** What the service does with each connection for events, counted from 1; the others get the last. */
  readonly connections: readonly ((response: ServerResponse) => void)[];
  /** What reading the search gives, one after the other; the last again and again. */
  readonly states?: readonly SearchView[];
}

interface Watched {
  readonly baseUrl: string;
  /** Headers of each connection for events. */
  readonly connected: IncomingMessage['headers'][];
  readonly reads: () => number;
}

/** A service whose streams the test writes. */
async function serve({ connections, states = [] }: Script): Promise<Watched> {
  const connected: IncomingMessage['headers'][] = [];
  let reads = 0;
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/events') === true) {
      connected.push(request.headers);
      connections[Math.min(connected.length, connections.length) - 1]?.(response);
      return;
    }
    const state = states[Math.min(reads, states.length - 1)];
    reads += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(state));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connected, reads: () => reads };
}

function text(id: number, event: SearchEvent): string {
  return `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
}

function cursor(id: number): string {
  return text(id, { type: 'cursor', cursor: String(id) });
}

function status(state: SearchView['state'], fraction = 0): SearchEvent {
  return { type: 'search', search: searchStatusSchema.parse(searchIn(state, fraction)) };
}

const ended: SearchEvent = { type: 'ended', searchId: searchIn('completed').id, state: 'completed' };

/** Writes and ends. */
function answer(...parts: readonly string[]) {
  return (response: ServerResponse): void => {
    response.writeHead(200, stream).end(parts.join(''));
  };
}

/** Writes, and loses the connection. */
function lose(...parts: readonly string[]) {
  return (response: ServerResponse): void => {
    response.writeHead(200, stream);
    response.write(parts.join(''), () => response.destroy());
  };
}

/** Writes, and is silent then. */
function hang(...parts: readonly string[]) {
  return (response: ServerResponse): void => {
    response.writeHead(200, stream);
    if (parts.length > 0) response.write(parts.join(''));
  };
}

async function watch(service: Watched, options: WatchOptions = {}): Promise<WatchedEvent[]> {
  const events: WatchedEvent[] = [];
  for await (const event of createClient({ baseUrl: service.baseUrl, key: 'secret' }).watchSearch('one', {
    ...quick,
    ...options,
  })) {
    events.push(event);
  }
  return events;
}

function typesOf(events: readonly WatchedEvent[]): string[] {
  return events.map(({ type }) => type);
}

describe('watchSearch', () => {
  it('gives the events with their cursors, and ends with the search', async () => {
    const service = await serve({
      connections: [answer('retry: 1000\n', cursor(7), text(8, status('running')), ': still here\n\n', text(9, ended))],
    });
    const events = await watch(service);
    expect(events.map(({ type, cursor: at }) => [type, at])).toEqual([
      ['cursor', '7'],
      ['search', '8'],
      ['ended', '9'],
    ]);
    expect(service.connected).toHaveLength(1);
    expect(service.connected[0]).toMatchObject({ accept: 'text/event-stream', authorization: 'Bearer secret' });
    expect(service.connected[0]).not.toHaveProperty('last-event-id');
  });

  it('begins after the cursor that it is given', async () => {
    const service = await serve({ connections: [answer(cursor(7), text(9, ended))] });
    await watch(service, { since: '7' });
    expect(service.connected[0]).toMatchObject({ 'last-event-id': '7' });
  });

  it.each([
    ['in the middle of a line', text(9, status('running', 0.5)).slice(0, 40)],
    ['between the lines of an event', 'id: 9\n'],
    ['before an event is finished', text(9, status('running', 0.5)).slice(0, -1)],
  ])('goes on from the last whole event where the connection is lost %s', async (_where, part) => {
    const service = await serve({
      connections: [
        lose(cursor(7), text(8, status('running')), part),
        answer(cursor(8), text(9, status('completed', 1)), text(9, ended)),
      ],
    });
    const events = await watch(service);
    expect(service.connected.map((headers) => headers['last-event-id'])).toEqual([undefined, '8']);
    expect(events.map(({ type, cursor: at }) => `${type} ${at}`)).toEqual([
      'cursor 7',
      'search 8',
      'cursor 8',
      'search 9',
      'ended 9',
    ]);
  });

  it('reads characters that are cut in two', async () => {
    const bytes = Buffer.from(text(8, { ...ended, searchId: 'größte' }));
    const half = bytes.indexOf('ö') + 1;
    const service = await serve({
      connections: [
        (response) => {
          response.writeHead(200, stream);
          response.write(bytes.subarray(0, half), () => setTimeout(() => response.end(bytes.subarray(half)), 20));
        },
      ],
    });
    expect(await watch(service)).toMatchObject([{ type: 'ended', searchId: 'größte' }]);
  });

  it('comes again where the service ends the stream before the search has ended', async () => {
    const service = await serve({
      connections: [answer(cursor(7)), answer(cursor(7)), answer(cursor(7), text(9, ended))],
    });
    expect(typesOf(await watch(service))).toEqual(['cursor', 'cursor', 'cursor', 'ended']);
    expect(service.connected.map((headers) => headers['last-event-id'])).toEqual([undefined, '7', '7']);
  });

  it('comes again where the service is away for a moment', async () => {
    const problem = { type: '', title: '', status: 503, code: 'SERVICE_STOPPING', detail: 'It stops' };
    const service = await serve({
      connections: [
        lose(cursor(7)),
        (response) =>
          response.writeHead(503, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem)),
        (response) => response.destroy(),
        answer(cursor(7), text(9, ended)),
      ],
    });
    expect(typesOf(await watch(service))).toEqual(['cursor', 'cursor', 'ended']);
  });

  it('comes again where a stream falls silent', async () => {
    const service = await serve({ connections: [hang(cursor(7)), answer(cursor(7), text(9, ended))] });
    expect(typesOf(await watch(service, { silenceMilliseconds: 400 }))).toEqual(['cursor', 'cursor', 'ended']);
    expect(service.connected).toHaveLength(2);
  });

  it.each([
    ['nothing comes through, as with a proxy that holds answers back', hang()],
    ['not even headers come', () => undefined],
    ['the service sends no more streams', refuse(503, 'STREAMS_EXHAUSTED')],
    ['the service is older and knows no events', refuse(404, 'NOT_FOUND')],
    [
      'a page answers',
      (response: ServerResponse) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    ],
  ])('reads the search again and again where %s', async (_why, connection) => {
    const states = [
      searchIn('running'),
      { ...searchIn('running', 0.5), revision: 2 },
      { ...searchIn('completed', 1), revision: 3 },
    ];
    const service = await serve({ connections: [connection], states });
    const events = await watch(service, { silenceMilliseconds: 400 });
    expect(typesOf(events)).toEqual([
      'search',
      'reset',
      'leaderboard',
      'search',
      'reset',
      'leaderboard',
      'search',
      'ended',
    ]);
    expect(events.every((event) => event.cursor === null)).toBe(true);
    expect(service.connected).toHaveLength(1);
  });

  it('passes over events of a newer service', async () => {
    const service = await serve({
      connections: [answer(cursor(7), 'id: 8\ndata: {"type":"weather","rain":true}\n\n', text(9, ended))],
    });
    expect(typesOf(await watch(service))).toEqual(['cursor', 'ended']);
  });

  it('says so where an event is none that can be read', async () => {
    const service = await serve({ connections: [answer(cursor(7), 'data: {"type":"search"}\n\n')] });
    expect(await failure(watch(service))).toMatchObject({ name: 'ApiError', code: 'INTERNAL' });
  });

  it('fails with what the service refuses it for', async () => {
    const service = await serve({ connections: [refuse(401, 'KEY_INVALID')] });
    expect(await failure(watch(service))).toMatchObject({ code: 'KEY_INVALID' });
    expect(service.connected).toHaveLength(1);
  });

  it('gives up on a service that stays away for longer than its patience', async () => {
    const service = await serve({ connections: [(response) => response.destroy()] });
    expect(await failure(watch(service, { patienceMilliseconds: 20 }))).toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
    });
    expect(service.connected.length).toBeGreaterThan(1);
  });

  it('ends with the reason of its signal, and hangs up', async () => {
    const controller = new AbortController();
    const reason = new Error('the user pressed Ctrl-C');
    const closed = new Promise<void>((resolve) => {
      void serve({
        connections: [
          (response) => {
            response.on('close', resolve);
            hang(cursor(7))(response);
            setTimeout(() => controller.abort(reason), 20);
          },
        ],
      }).then(async (service) => {
        expect(await failure(watch(service, { signal: controller.signal }))).toBe(reason);
      });
    });
    await closed;
  });

  it('hangs up where the caller wants no more', async () => {
    let hasHungUp: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => {
      hasHungUp = resolve;
    });
    const service = await serve({
      connections: [
        (response) => {
          response.on('close', hasHungUp);
          hang(cursor(7))(response);
        },
      ],
    });
    for await (const event of createClient(service).watchSearch('one')) {
      expect(event.type).toBe('cursor');
      break;
    }
    await closed;
  });
});

describe('waitForSearch', () => {
  it('follows the stream, and reads the search whole at first and at the end', async () => {
    const last = searchIn('completed', 1);
    const service = await serve({
      connections: [answer(cursor(7), text(8, status('running')), text(9, status('completed', 1)), text(9, ended))],
      states: [searchIn('running'), last],
    });
    const seen: string[] = [];
    const found = await createClient(service).waitForSearch('one', {
      onProgress: ({ state, progress, request }) => seen.push(`${state} ${progress.fraction} ${request.dataset}`),
    });
    expect(found).toEqual(last);
    expect(seen).toEqual(['running 0 mnist', 'completed 1 mnist']);
    expect(service.reads()).toBe(2);
  });
});

/** Answers with a problem document. */
function refuse(httpStatus: number, code: string) {
  const problem = { type: 'about:blank', title: '', status: httpStatus, code, detail: 'It is so' };
  return (response: ServerResponse): void => {
    response.writeHead(httpStatus, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
  };
}
