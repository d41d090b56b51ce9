import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';

import { createClient } from '@compound-search/sdk';
import { createScratchDatabase, createStore } from '@compound-search/store';
import { beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';

import { sampleRequest } from '../../../packages/search/test/sample-request.ts';
import { runQueued, trainWell } from '../../../packages/search/test/simulated-worker.ts';

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));

let databaseUrl = '';
beforeAll(async () => {
  const database = await createScratchDatabase(inject('databaseUrl'));
  ({ databaseUrl } = database);
  return () => database.drop();
});

const QUEUE_PREFIX = `test-${randomUUID()}`;

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
}

function spawn(environment: Record<string, string> = {}): ChildProcess {
  const child = fork(program, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      DATABASE_URL: databaseUrl,
      REDIS_URL: inject('redisUrl'),
      PORT: '0',
      QUEUE_PREFIX,
      ...environment,
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function start(environment: Record<string, string> = {}): Promise<Started> {
  const child = spawn(environment);
  const [message] = (await once(child, 'message')) as [unknown];
  expect(message).toEqual({ type: 'listening', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string });
  return { child, url: (message as { url: string }).url };
}

async function end(child: ChildProcess): Promise<unknown> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

describe('the process of the service', () => {
  it.each([
    ['SIGTERM', (child: ChildProcess) => void child.kill('SIGTERM')],
    ['SIGINT', (child: ChildProcess) => void child.kill('SIGINT')],
    ['the end of its parent', (child: ChildProcess) => child.disconnect()],
  ])('says where it listens, and ends cleanly on %s', async (_what, stop) => {
    const { child, url } = await start();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const ended = end(child);
    stop(child);
    expect(await ended).toBe(0);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it.each([
    ['only to the names of loopback', {}, 421],
    ['also to the names that are listed', { COMPOUND_SEARCH_ALLOWED_HOSTS: 'search.example.com' }, 200],
  ])('answers %s where it listens on loopback', async (_what, environment, expected) => {
    const { url } = await start(environment);
    const statuses: (number | undefined)[] = [];
    for (const host of [new URL(url).host, 'search.example.com:80']) {
      const [response] = (await once(get(`${url}/v1/datasets`, { headers: { host } }), 'response')) as [
        IncomingMessage,
      ];
      statuses.push(response.resume().statusCode);
    }
    expect(statuses).toEqual([200, expected]);
  });

  it('ends when its parent goes while it starts', async () => {
    const child = spawn();
    child.disconnect();
    expect(await end(child)).toBe(0);
  });

  it('ends at once, naming every variable at fault, where its environment is not complete', async () => {
    const child = spawn({ DATABASE_URL: 'nowhere', PORT: 'many' });
    const errors: string[] = [];
    child.stderr?.on('data', (chunk: Buffer) => void errors.push(chunk.toString()));
    expect(await end(child)).toBe(1);
    expect(errors.join('')).toMatch(/DATABASE_URL.*PORT/s);
  });

  it('ends with a log line where the database does not answer', async () => {
    const child = spawn({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none' });
    const lines: string[] = [];
    child.stdout?.on('data', (chunk: Buffer) => void lines.push(chunk.toString()));
    expect(await end(child)).toBe(1);
    expect(lines.join('')).toContain('DEPENDENCY_UNAVAILABLE');
  });

  it('is away for a moment when it is killed and started again, and the search goes on', async () => {
    const { child, url } = await start();
    const port = new URL(url).port;
    const store = createStore({ databaseUrl });
    onTestFinished(() => store.close());
    const client = createClient({ baseUrl: url });
    const search = await client.createSearch(sampleRequest({ seeds: [1, 2] }));
    expect((await client.listSearches()).items.map(({ id }) => id)).toEqual([search.id]);

    const states: string[] = [];
    const waiting = client.waitForSearch(search.id, {
      intervalMilliseconds: 20,
      onProgress: ({ state }) => void states.push(state),
    });
    await runQueued(store, trainWell);
    child.kill('SIGKILL');
    await end(child);
    await start({ PORT: port });
    await expect.poll(async () => (await store.getSearch(search.id))?.state, { timeout: 30_000 }).toBe('testing');
    await runQueued(store, trainWell);
    const last = await waiting;
    expect(last).toMatchObject({ state: 'completed', progress: { fraction: 1 } });
    expect(states.at(-1)).toBe('completed');

    const { rows } = await client.leaderboard(search.id);
    const coefficients = await client.coefficients(search.id);
    expect(coefficients).toMatchObject({
      network: { fingerprint: rows[0]?.fingerprint },
      confidence: { reproduced: true },
    });
    const { items } = await client.trials(search.id, { limit: 1 });
    expect((await client.trial(items[0]?.id ?? '')).learningCurve).toHaveLength(1);
    expect((await client.baselines()).map(({ name }) => name)).toContain('efficientnet-micro');
    expect((await client.datasets()).map(({ name }) => name)).toContain('shapes');
    expect((await client.plan(sampleRequest())).candidates).toHaveLength(rows.length);
    await expect(client.cancel(search.id)).rejects.toMatchObject({ code: 'SEARCH_ENDED', status: 409 });
  });
});

describe('a service that listens elsewhere than on loopback', () => {
  const elsewhere = { HOST: '0.0.0.0' };
  const adminKey = 'an-admin-key-of-more-than-32-characters';

  async function listen(environment: Record<string, string>): Promise<string> {
    const [message] = (await once(spawn({ ...elsewhere, ...environment }), 'message')) as [{ url: string }];
    return message.url.replace('0.0.0.0', '127.0.0.1');
  }

  async function statusOf(url: string, key?: string): Promise<number> {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    return (await fetch(`${url}/v1/searches`, { headers })).status;
  }

  it('does not start while there are no keys, and says what to do', async () => {
    const child = spawn(elsewhere);
    const output: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
    expect(await end(child)).toBe(1);
    expect(Buffer.concat(output).toString()).toMatch(/ACCESS_UNPROTECTED.*keys add/);
  });

  it('asks for keys, the first of which an admin key makes', async () => {
    const url = await listen({ COMPOUND_SEARCH_ADMIN_KEY: adminKey });
    expect(await statusOf(url)).toBe(401);
    const { key, id } = await createClient({ baseUrl: url, key: adminKey }).makeKey({ name: 'reader', role: 'read' });
    expect(await statusOf(url, key)).toBe(200);
    // With a key in the store it starts without the admin key, which then opens nothing.
    const restarted = await listen({});
    expect(await statusOf(restarted, key)).toBe(200);
    expect(await statusOf(restarted, adminKey)).toBe(401);
    await createClient({ baseUrl: url, key: adminKey }).deleteKey(id);
    expect(await statusOf(restarted, key)).toBe(401);
  });

  it('is open to anyone where it is told to be', async () => {
    expect(await statusOf(await listen({ COMPOUND_SEARCH_ACCESS: 'anyone' }))).toBe(200);
  });
});
