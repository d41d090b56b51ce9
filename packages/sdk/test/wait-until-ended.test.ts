import { createClient } from '@compound-search/sdk';
import { describe, expect, it } from 'vitest';

import { type Answer, type Received, type ScriptedService, searchIn, serve } from './scripted-service.ts';

const states = ['running', 'running', 'testing', 'completed'] as const;
function search(count: number) {
  return searchIn(states[count - 1] ?? 'completed', Math.min(1, (count - 1) / 3));
}

interface SearchService extends ScriptedService {
  /** How often the search was read. */
  readonly reads: () => number;
}

/** A service without streams of events, so that all there is to do is to read the search again and again. */
async function serveSearch(
  answer: (received: Received, count: number) => Answer | Promise<Answer>,
): Promise<SearchService> {
  let reads = 0;
  const none = { type: 'about:blank', title: '', status: 404, code: 'NOT_FOUND', detail: 'There is nothing here' };
  const service = await serve((received) => {
    if (received.url.endsWith('/events')) return { status: 404, body: none };
    reads += 1;
    return answer(received, reads);
  });
  return { ...service, reads: () => reads };
}

describe('waitForSearch of a service without streams', () => {
  it('reports every state that it reads and returns the one in which the search ended', async () => {
    const service = await serveSearch((_received, count) => ({ status: 200, body: search(count) }));
    const seen: string[] = [];
    const last = await createClient(service).waitForSearch('one', {
      intervalMilliseconds: 1,
      onProgress: ({ state, progress }) => seen.push(`${state} ${progress.fraction.toFixed(2)}`),
    });
    expect(seen).toEqual(['running 0.00', 'running 0.33', 'testing 0.67', 'completed 1.00']);
    expect(last).toEqual(searchIn('completed', 1));
  });

  it('outlives a restart of the service', async () => {
    const service = await serveSearch((_received, count) => ({ status: 200, body: search(count) }));
    let paused = false;
    const last = await createClient(service).waitForSearch('one', {
      intervalMilliseconds: 5,
      onProgress: () => {
        if (paused) return;
        paused = true;
        void service.pause().then(() => setTimeout(() => void service.resume(), 100));
      },
    });
    expect(last.state).toBe('completed');
  });

  it.each(['DEPENDENCY_UNAVAILABLE', 'SERVICE_STOPPING'])(
    'outlives a service that answers %s for a while',
    async (code) => {
      const problem = { type: 'about:blank', title: '', status: 503, code, detail: 'away' };
      const service = await serveSearch((_received, count) =>
        count === 2 ? { status: 503, body: problem } : { status: 200, body: search(count) },
      );
      const last = await createClient(service).waitForSearch('one', { intervalMilliseconds: 1 });
      expect(last.state).toBe('completed');
      expect(service.reads()).toBe(4);
    },
  );

  // What stands between client and service, or a service that closes, answers in words of its own.
  it.each([
    [
      'a framework that closes',
      503,
      '{"error":"Service Unavailable","message":"Service Unavailable","statusCode":503}',
    ],
    ['a proxy without a service', 502, '<html><body>Bad Gateway</body></html>'],
    ['a proxy that waited too long', 504, 'upstream request timeout'],
  ])('outlives %s, which answers %i without a problem document', async (_who, status, body) => {
    const service = await serveSearch((_received, count) =>
      count === 2 ? { status, body, type: 'text/plain' } : { status: 200, body: search(count) },
    );
    const last = await createClient(service).waitForSearch('one', { intervalMilliseconds: 1 });
    expect(last.state).toBe('completed');
    expect(service.reads()).toBe(4);
  });

  it.each([500, 501, 404, 401, 200])('does not retry an answer %i that is no problem document', async (status) => {
    const service = await serveSearch(() => ({ status, body: '<html>', type: 'text/html' }));
    const waiting = createClient(service).waitForSearch('one', { intervalMilliseconds: 1 });
    await expect(waiting).rejects.toMatchObject({ name: 'ApiError', status, code: 'INTERNAL' });
    expect(service.reads()).toBe(1);
  });

  it('gives up on a proxy that has no service longer than the patience', async () => {
    const service = await serveSearch(() => ({ status: 502, body: 'Bad Gateway', type: 'text/plain' }));
    // Longer than one answer takes on a busy machine.
    const waiting = createClient(service).waitForSearch('one', { intervalMilliseconds: 5, patienceMilliseconds: 1000 });
    await expect(waiting).rejects.toMatchObject({ status: 502 });
    expect(service.reads()).toBeGreaterThan(1);
  });

  it('gives up on a service that stays away longer than the patience', async () => {
    const service = await serveSearch(() => ({ status: 200, body: search(1) }));
    await service.pause();
    const waiting = createClient(service).waitForSearch('one', { intervalMilliseconds: 5, patienceMilliseconds: 30 });
    await expect(waiting).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
  });

  it('does not retry a search that does not exist', async () => {
    const problem = {
      type: 'about:blank',
      title: '',
      status: 404,
      code: 'NOT_FOUND',
      detail: 'There is no search one',
    };
    const service = await serveSearch(() => ({ status: 404, body: problem }));
    await expect(createClient(service).waitForSearch('one')).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
    expect(service.reads()).toBe(1);
  });

  it.each([
    ['between two questions', 60_000, false],
    ['during a question', 1, true],
  ])('ends with the reason of its signal %s', async (_when, intervalMilliseconds, hangs) => {
    const controller = new AbortController();
    const reason = new Error('the user pressed Ctrl-C');
    const service = await serveSearch((_received, count) => {
      setTimeout(() => controller.abort(reason), 20);
      return hangs && count > 1 ? new Promise(() => undefined) : { status: 200, body: searchIn('running') };
    });
    const waiting = createClient(service).waitForSearch('one', { intervalMilliseconds, signal: controller.signal });
    await expect(waiting).rejects.toBe(reason);
  });
});
