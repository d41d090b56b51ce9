import { spawn, spawnSync } from 'node:child_process';
import { chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { type ServiceEvent } from '../src/event.ts';
import { type LocalServices, startLocalServices } from '../src/local-services.ts';
import { postgresAccount } from '../src/postgres-account.ts';
import { isRunning } from '../src/processes.ts';
import { kill, listProcesses, processesOf, startProgram } from './programs.ts';

async function start(dataFolder: string, events: ServiceEvent[] = []): Promise<LocalServices> {
  const services = await startLocalServices({ dataFolder, onEvent: (event) => void events.push(event) });
  onTestFinished(() => services.stop());
  return services;
}

async function query(databaseUrl: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return (rows as unknown[][])[0]?.[0];
  } finally {
    await client.end();
  }
}

async function withRedis<T>(redisUrl: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(redisUrl);
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const finish = (isAccepted: boolean): void => {
      socket.destroy();
      resolve(isAccepted);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(50);
}

let template = '';

// Creating a cluster takes most of a first start, so the tests share one that was created and stopped.
beforeAll(async () => {
  template = await mkdtemp(path.join(tmpdir(), 'compound-search-template-'));
  const services = await startLocalServices({ dataFolder: template });
  await services.stop();
});

afterAll(() => rm(template, { recursive: true, force: true }));

/** A data folder in which services ran once; owners and modes are those of the original. */
async function usedFolder(): Promise<string> {
  const folder = await temporaryFolder();
  expect(spawnSync('cp', ['-a', `${template}/.`, folder]).status).toBe(0);
  return folder;
}

describe('the local services', () => {
  it('answer, stop without a process left, and have their data when started again', async () => {
    const folder = await temporaryFolder();
    const first = await start(folder);
    await query(first.databaseUrl, 'create table kept as select 42 as answer');
    await withRedis(first.redisUrl, (redis) => redis.set('kept', 'here'));
    const running = processesOf(folder);
    expect(running.map(({ command }) => command).join('\n')).toMatch(
      /bin\/postgres[^]*valkey-server|valkey-server[^]*bin\/postgres/,
    );
    await first.stop();
    expect(running.filter(({ pid }) => isRunning(pid))).toEqual([]);

    const second = await start(folder);
    expect(await query(second.databaseUrl, 'select answer from kept')).toBe(42);
    expect(await withRedis(second.redisUrl, (redis) => redis.get('kept'))).toBe('here');
  });

  it('ask for their passwords, which only the owner of the folder can read', async () => {
    const folder = await usedFolder();
    const { databaseUrl, redisUrl } = await start(folder);
    const wrong = (url: string): string => url.replace(/:[0-9a-f]{32}@/, ':wrong@');
    await expect(query(wrong(databaseUrl), 'select 1')).rejects.toMatchObject({ code: '28P01' });
    const redis = new Redis(wrong(redisUrl), { lazyConnect: true, retryStrategy: null });
    redis.on('error', () => undefined);
    await expect(redis.ping()).rejects.toThrow();
    redis.disconnect();
    for (const name of ['postgres.password', 'valkey.password']) {
      const file = path.join(folder, name);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(databaseUrl + redisUrl).toContain(readFileSync(file, 'utf8').trim());
    }
    // Nor does a list of the processes show them.
    const passwords = [databaseUrl, redisUrl].map((url) => new URL(url).password);
    const commands = listProcesses().map(({ command }) => command);
    expect(commands.filter((command) => passwords.some((password) => command.includes(password)))).toEqual([]);
  });

  it('listen on the loopback address alone', async () => {
    const { databaseUrl, redisUrl } = await start(await usedFolder());
    for (const url of [databaseUrl, redisUrl]) {
      const { hostname, port } = new URL(url);
      expect(hostname).toBe('127.0.0.1');
      expect(await accepts('127.0.0.1', Number(port))).toBe(true);
      // A server on all addresses would answer on these as well.
      expect(await accepts('127.0.0.2', Number(port))).toBe(false);
      expect(await accepts('::1', Number(port))).toBe(false);
    }
  });

  it('keep every change and evict nothing, as a queue needs', async () => {
    const { redisUrl } = await start(await usedFolder());
    await withRedis(redisUrl, async (redis) => {
      expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
      expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    });
  });

  it('do not collide when two folders are started at once', async () => {
    const [fresh, used] = await Promise.all([temporaryFolder(), usedFolder()]);
    const [one, two] = await Promise.all([start(fresh), start(used)]);
    await query(one.databaseUrl, 'create table only_in_one as select 1');
    expect(await query(two.databaseUrl, "select to_regclass('only_in_one')")).toBeNull();
    await withRedis(one.redisUrl, (redis) => redis.set('only in', 'one'));
    expect(await withRedis(two.redisUrl, (redis) => redis.get('only in'))).toBeNull();
  });

  it('refuse a folder that another process has running services on, and leave those alone', async () => {
    const folder = await usedFolder();
    const { child, firstLine } = await startProgram('owner.ts', folder);
    await expect(startLocalServices({ dataFolder: folder })).rejects.toMatchObject({
      code: 'DATA_FOLDER_IN_USE',
      message: expect.stringContaining(String(child.pid)) as unknown,
    });
    const { databaseUrl } = JSON.parse(firstLine) as { databaseUrl: string };
    expect(await query(databaseUrl, 'select 1')).toBe(1);
  });

  it('end by themselves when their owner is killed', async () => {
    const folder = await usedFolder();
    const { child } = await startProgram('owner.ts', folder);
    const running = processesOf(folder).filter(({ pid }) => pid !== child.pid);
    expect(running.length).toBeGreaterThanOrEqual(4);
    await kill(child);
    await until(() => running.every(({ pid }) => !isRunning(pid)));
  });

  it('are recovered with their data when their owner and its guards were killed', async () => {
    const folder = await usedFolder();
    const { child, firstLine } = await startProgram('owner.ts', folder);
    const { databaseUrl, redisUrl } = JSON.parse(firstLine) as { databaseUrl: string; redisUrl: string };
    await query(databaseUrl, 'create table kept as select 42 as answer');
    await withRedis(redisUrl, (redis) => redis.set('kept', 'here'));
    const running = processesOf(folder).filter(({ pid }) => pid !== child.pid);
    for (const guard of running.filter(({ command }) => command.includes(' guard ')))
      process.kill(guard.pid, 'SIGKILL');
    await kill(child);
    const servers = running.filter(({ command }) => command.includes(`${folder}/`));
    expect(servers.filter(({ pid }) => isRunning(pid))).toHaveLength(2);

    const events: ServiceEvent[] = [];
    const recovered = await start(folder, events);
    expect(
      events
        .filter(({ state }) => state === 'recovering')
        .map(({ service }) => service)
        .sort(),
    ).toEqual(['postgres', 'valkey']);
    expect(servers.filter(({ pid }) => isRunning(pid))).toEqual([]);
    expect(await query(recovered.databaseUrl, 'select answer from kept')).toBe(42);
    expect(await withRedis(recovered.redisUrl, (redis) => redis.get('kept'))).toBe('here');
  });

  it('start again after PostgreSQL itself was killed under them', async () => {
    const folder = await usedFolder();
    const events: ServiceEvent[] = [];
    const first = await start(folder, events);
    await query(first.databaseUrl, 'create table kept as select 42 as answer');
    const head = processesOf(folder).find(({ command }) => command.includes('bin/postgres'));
    if (head === undefined) throw new Error('No process of PostgreSQL was found.');
    process.kill(head.pid, 'SIGKILL');
    await until(() => events.some(({ service, state }) => service === 'postgres' && state === 'ended'));
    await first.stop();

    const second = await start(folder);
    expect(await query(second.databaseUrl, 'select answer from kept')).toBe(42);
  });

  it('start where the process id of a server that was killed belongs to another program by now', async () => {
    const folder = await usedFolder();
    // Of the account that PostgreSQL runs as: it believes that this is the server of the lock file.
    const account = await postgresAccount();
    const other = spawn('sleep', ['600'], account === undefined ? {} : { uid: account.uid, gid: account.gid });
    onTestFinished(() => void other.kill('SIGKILL'));
    const lockFile = path.join(folder, 'postgres', 'postmaster.pid');
    const cluster = path.dirname(lockFile);
    writeFileSync(lockFile, `${other.pid}\n${cluster}\n1764000000\n5432\n\n127.0.0.1\n\nready\n`);
    const { uid, gid } = statSync(path.join(cluster, 'PG_VERSION'));
    chownSync(lockFile, uid, gid);
    const { databaseUrl } = await start(folder);
    expect(await query(databaseUrl, 'select 1')).toBe(1);
    expect(isRunning(other.pid ?? 0)).toBe(true);
  });

  it('refuse a cluster whose password is gone instead of starting one that nobody can use', async () => {
    const folder = await usedFolder();
    await rm(path.join(folder, 'postgres.password'));
    await expect(startLocalServices({ dataFolder: folder })).rejects.toMatchObject({
      code: 'DATA_FOLDER_INVALID',
      value: path.join(folder, 'postgres.password'),
    });
    expect(processesOf(folder)).toEqual([]);
  });

  it('say what the server said where it cannot start, run nothing, and give the folder up', async () => {
    const folder = await usedFolder();
    const control = path.join(folder, 'postgres', 'global', 'pg_control');
    await truncate(control, 0);
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await expect(startLocalServices({ dataFolder: folder })).rejects.toMatchObject({
        code: 'SERVICE_START_FAILED',
        message: expect.stringContaining('pg_control') as unknown,
      });
      expect(processesOf(folder)).toEqual([]);
    }
  });
});
