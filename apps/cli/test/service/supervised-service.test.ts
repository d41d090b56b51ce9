import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type RunningService, startPostgres, startValkey } from '@compound-search/local-services';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { temporaryFolder } from '../../../../test/temporary-folder.ts';
import { serviceRestartPolicy, supervisedService } from '../../src/service/supervised-service.ts';
import { type SupervisionEvent, Supervisor } from '../../src/supervision/supervisor.ts';
import { until } from '../processes.ts';

let template = '';

// Creating a cluster takes most of a first start, so the tests share one that was created and stopped.
beforeAll(async () => {
  template = mkdtempSync(path.join(tmpdir(), 'supervised-service-'));
  const postgres = await startPostgres({ dataFolder: template });
  await postgres.stop();
});
afterAll(() => rmSync(template, { recursive: true }));

const quick = {
  ...serviceRestartPolicy,
  firstPauseMilliseconds: 20,
  longestPauseMilliseconds: 50,
  patienceMilliseconds: 0,
};

interface Supervision {
  readonly supervisor: Supervisor<RunningService>;
  readonly events: SupervisionEvent[];
  readonly folder: string;
}

async function supervise(
  service: 'PostgreSQL' | 'Valkey',
  { startMilliseconds = 60_000, policy = quick } = {},
): Promise<Supervision> {
  const folder = await temporaryFolder();
  // Owners and modes are those of the original.
  expect(spawnSync('cp', ['-a', `${template}/.`, folder]).status).toBe(0);
  const events: SupervisionEvent[] = [];
  const start = service === 'PostgreSQL' ? startPostgres : startValkey;
  const supervised = supervisedService(service, start, { dataFolder: folder, startMilliseconds });
  const supervisor = new Supervisor(supervised, { policy, onEvent: (event) => events.push(event) });
  onTestFinished(() => supervisor.stop());
  return { supervisor, events, folder };
}

async function kill({ supervisor }: Supervision): Promise<void> {
  process.kill(supervisor.pid ?? 0, 'SIGKILL');
  await until('it has died', () => supervisor.pid === undefined);
}

async function query(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ value: unknown }>(sql)).rows[0]?.value;
  } finally {
    await client.end();
  }
}

/** Waits for what the person at the terminal is told in the end, and that nothing is tried after it. */
async function givenUp({ supervisor, events }: Supervision, failedStarts = quick.failedStarts) {
  const error = await supervisor.gaveUp;
  // Its death, and all failed starts but the last, which ends it.
  expect(events.filter(({ type }) => type === 'died')).toHaveLength(failedStarts);
  return error;
}

describe('a PostgreSQL that is kept alive', () => {
  it('is back with its data at the same address when it is killed, and its users find it there by themselves', async () => {
    const supervision = await supervise('PostgreSQL');
    const { url } = await supervision.supervisor.ready;
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS value');
    const pool = new pg.Pool({ connectionString: url });
    pool.on('error', () => undefined);
    onTestFinished(() => pool.end());
    await pool.query('SELECT 1');
    for (let deaths = 1; deaths <= 2; deaths += 1) {
      await kill(supervision);
      await supervision.supervisor.whenReady();
      expect((await pool.query<{ value: number }>('SELECT value FROM kept')).rows).toEqual([{ value: 42 }]);
    }
    expect(supervision.events.map(({ type }) => type)).toEqual(['ready', 'died', 'ready', 'died', 'ready']);
    expect(supervision.events[1]).toMatchObject({ subject: 'PostgreSQL', how: 'signal SIGKILL', failedStarts: 0 });
  });

  it('waits for its port where another program has taken it, and is given up where that keeps it', async () => {
    const supervision = await supervise('PostgreSQL');
    const { port, pid } = await supervision.supervisor.ready;
    const thief = createServer();
    const taken = new Promise<void>((resolve) => {
      const take = (): void => void thief.listen(port, '127.0.0.1', resolve);
      thief.on('error', () => setTimeout(take, 1));
      process.kill(pid, 'SIGKILL');
      take();
    });
    await taken;
    onTestFinished(() => void thief.close());
    const error = await givenUp(supervision);
    expect(error.message).toMatch(/^PostgreSQL cannot be started again: 5 starts in a row failed/);
    expect(error.message).toContain('Address already in use');
  });

  it('is given up with the last lines of its log where its data are damaged', async () => {
    const supervision = await supervise('PostgreSQL');
    await supervision.supervisor.ready;
    truncateSync(path.join(supervision.folder, 'postgres', 'global', 'pg_control'), 0);
    await kill(supervision);
    const error = await givenUp(supervision);
    expect(error).toMatchObject({ code: 'SERVICE_START_FAILED', field: 'PostgreSQL' });
    expect(error.message).toMatch(/ended before it was ready\. Its log ends with:\n.*pg_control/su);
    // What was said at every start is there to be read.
    const log = readFileSync(path.join(supervision.folder, 'postgres.log'), 'utf8');
    expect(log.split('could not read file "global/pg_control"').length - 1).toBe(quick.failedStarts);
  });

  it('is given up where it never becomes ready, since it waits in its recovery', async () => {
    const supervision = await supervise('PostgreSQL', {
      startMilliseconds: 4_000,
      policy: { ...quick, failedStarts: 2 },
    });
    await supervision.supervisor.ready;
    const cluster = path.join(supervision.folder, 'postgres');
    appendFileSync(path.join(cluster, 'postgresql.conf'), "restore_command = 'sleep 600'\n");
    writeFileSync(path.join(cluster, 'recovery.signal'), '');
    await kill(supervision);
    const error = await givenUp(supervision, 2);
    expect(error.message).toMatch(
      /took too long to be ready\. Its log ends with:\n.*database system was shut down in recovery/su,
    );
  });
});

describe('a Valkey that is kept alive', () => {
  it('is back at the same address when it is killed', async () => {
    const supervision = await supervise('Valkey');
    const { url, pid } = await supervision.supervisor.ready;
    await kill(supervision);
    await supervision.supervisor.whenReady();
    const again = supervision.events.at(-1);
    expect(again).toMatchObject({ type: 'ready', starts: 2, message: { url } });
    expect(supervision.supervisor.pid).not.toBe(pid);
  });
});
