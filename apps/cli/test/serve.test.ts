import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startPostgres, startValkey } from '@compound-search/local-services';
import { createClient } from '@compound-search/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findLocalService, readServiceRecord } from '../src/service/service-record.ts';
import { type CommandRun, runCommand } from './command.ts';
import { childNaming, descendantsOf, isRunning, running, startedBy, until } from './processes.ts';
import { serviceUrlOf } from './service-url-of.ts';
import { smallSearch } from './small-search.ts';

/** Several real services start here, on a machine that runs other tests too. */
const patience = 300_000;

let folder = '';
let runs: CommandRun[] = [];

function dataFolder(name: string): string {
  return path.join(folder, name);
}

function serve(name: string, args: readonly string[] = ['--port', '0'], environment = {}): CommandRun {
  const run = runCommand(['serve', '--data', dataFolder(name), '--slots', '1', ...args], environment);
  runs.push(run);
  return run;
}

/** What Ctrl-C in a terminal does: every process of the foreground group gets the signal. */
function interrupt(run: CommandRun, signal: NodeJS.Signals = 'SIGINT'): Promise<number | string> {
  process.kill(-run.pid, signal);
  return run.ended;
}

/** Everything that a run starts, noted while it runs: afterwards what it left behind is no descendant of anybody. */
function watchDescendants(run: CommandRun): ReadonlySet<number> {
  const seen = new Set<number>();
  const look = (): void => {
    for (const pid of startedBy(run.pid)) seen.add(pid);
  };
  const timer = setInterval(look, 30);
  void run.ended.then(() => clearInterval(timer));
  return seen;
}

async function isAlive(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'serve-'));
});
afterEach(async () => {
  for (const run of runs) {
    if (run.child.exitCode !== null || run.child.signalCode !== null) continue;
    run.child.kill('SIGTERM');
    await run.ended;
  }
  runs = [];
  rmSync(folder, { recursive: true });
}, patience);

describe('a service that was started by serve', { timeout: patience }, () => {
  it('keeps its searches over Ctrl-C and a restart, goes on with them and leaves no process behind', async () => {
    const first = serve('data');
    const url = await serviceUrlOf(first);
    expect(findLocalService(dataFolder('data'))).toBe(url);
    expect(first.output()).toContain(`${url}/docs`);
    const { id } = await createClient({ baseUrl: url }).createSearch(smallSearch);
    const started = descendantsOf(first.pid);
    // PostgreSQL with its own children, Valkey, API and worker.
    expect(started.length).toBeGreaterThanOrEqual(4);
    expect(await interrupt(first)).toBe(0);
    expect(running(started)).toEqual([]);
    expect(readServiceRecord(dataFolder('data'))).toBeUndefined();

    const second = serve('data');
    const client = createClient({ baseUrl: await serviceUrlOf(second) });
    expect(await client.waitForSearch(id)).toMatchObject({ state: 'completed', trials: { completed: 1 } });
    expect(await client.coefficients(id)).toMatchObject({ alpha: 1.2, beta: 1.1, gamma: 1.15 });
    const startedAgain = descendantsOf(second.pid);
    expect(await interrupt(second, 'SIGTERM')).toBe(0);
    expect(running(startedAgain)).toEqual([]);
  });

  it('brings back an API that dies at the same address, and a worker that dies', async () => {
    const run = serve('data');
    const url = await serviceUrlOf(run);
    process.kill(childNaming(run.pid, 'apps/api'), 'SIGKILL');
    await until('the API has died', () => run.messages().includes('The API has died (signal SIGKILL)'));
    await until('the API is back', () => isAlive(url));

    process.kill(childNaming(run.pid, 'apps/worker'), 'SIGKILL');
    await until('the worker is back', () => run.messages().includes('The worker is back.'));
    const client = createClient({ baseUrl: url });
    const { id } = await client.createSearch(smallSearch);
    expect((await client.waitForSearch(id)).state).toBe('completed');
    expect(await interrupt(run, 'SIGHUP')).toBe(0);
  });

  it('does not collide with another one, and refuses to share its data folder or its port', async () => {
    const first = serve('first');
    const second = serve('second');
    const [firstUrl, secondUrl] = [await serviceUrlOf(first), await serviceUrlOf(second)];
    expect(firstUrl).not.toBe(secondUrl);
    await createClient({ baseUrl: firstUrl }).createSearch(smallSearch);
    expect((await createClient({ baseUrl: secondUrl }).listSearches()).items).toEqual([]);

    const sameFolder = serve('first');
    expect(await sameFolder.ended).toBe(1);
    expect(sameFolder.messages()).toMatch(/^error DATA_FOLDER_IN_USE: /);
    expect(sameFolder.messages()).toContain(String(first.pid));

    const { port } = new URL(firstUrl);
    const samePort = serve('third', ['--port', port]);
    expect(await samePort.ended).toBe(1);
    expect(samePort.messages()).toContain(`Port ${port} of 127.0.0.1 is taken by another process. (port: ${port})`);
    expect([await isAlive(firstUrl), await isAlive(secondUrl)]).toEqual([true, true]);
  });

  it('takes its API and worker with it when it is killed, and recovers at the next start', async () => {
    const killed = serve('data');
    const url = await serviceUrlOf(killed);
    const { id } = await createClient({ baseUrl: url }).createSearch(smallSearch);
    const apps = [childNaming(killed.pid, 'apps/api'), childNaming(killed.pid, 'apps/worker')];
    const started = descendantsOf(killed.pid);
    killed.child.kill('SIGKILL');
    await until('API and worker have ended', () => running(apps).length === 0);
    expect(findLocalService(dataFolder('data'))).toBeUndefined();

    const next = serve('data');
    const client = createClient({ baseUrl: await serviceUrlOf(next) });
    expect(running(started)).toEqual([]);
    expect((await client.waitForSearch(id)).state).toBe('completed');
  });

  // Both servers and their guards, PostgreSQL's own processes, API and worker come one after the other.
  it.each([0, 1, 2, 4, 7, 11])('leaves nothing behind when Ctrl-C comes once it has started %d', async (count) => {
    const run = serve('data');
    const seen = watchDescendants(run);
    await until(`it has started ${count} processes`, () => seen.size >= count, 120);
    // Before the command itself has begun there is nobody to catch the signal, and nothing to stop.
    expect(await interrupt(run)).toBeOneOf(count === 0 ? [0, 'SIGINT'] : [0]);
    expect(running([...seen])).toEqual([]);
    expect(isRunning(run.pid)).toBe(false);
  });

  it('uses the servers that the environment names, and starts and stops none of its own', async () => {
    const servers: Awaited<ReturnType<typeof startPostgres>>[] = [];
    try {
      const postgres = await startPostgres({ dataFolder: folder });
      servers.push(postgres);
      const valkey = await startValkey({ dataFolder: folder });
      servers.push(valkey);
      const run = serve('data', ['--port', '0'], { DATABASE_URL: postgres.url, REDIS_URL: valkey.url });
      const client = createClient({ baseUrl: await serviceUrlOf(run) });
      expect(descendantsOf(run.pid)).toHaveLength(2);
      expect((await client.listSearches()).items).toEqual([]);
      expect(existsSync(path.join(dataFolder('data'), 'postgres'))).toBe(false);
      expect(await interrupt(run)).toBe(0);
      expect(running(servers.map(({ pid }) => pid))).toHaveLength(2);
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  });

  it('says why where a part cannot be started, and stops the others', async () => {
    const run = serve('data', ['--port', '0'], { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing' });
    const seen = watchDescendants(run);
    expect(await run.ended).toBe(1);
    expect(run.messages()).toContain('error SERVICE_START_FAILED: The API cannot be started');
    expect(run.messages()).toContain('api.log');
    // Valkey with its guard, and the starts of the API.
    expect(seen.size).toBeGreaterThan(2);
    expect(running([...seen])).toEqual([]);
  });
});
