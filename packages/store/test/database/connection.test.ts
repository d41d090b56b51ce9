import { createStore } from '@compound-search/store';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';

import { connectionTo } from '../../src/database/connection.ts';
import { useScratchStore } from '../scratch-store.ts';
import { createSample } from '../steps.ts';

const scratch = useScratchStore();
const server = 'postgresql://user:secret@127.0.0.1:5432/search';

describe('a parameter of DATABASE_URL that would have no effect', () => {
  it.each([
    'connection_limit=2',
    'pgbouncer=true',
    'pool_timeout=3',
    'connect_timeout=3',
    'socket_timeout=3',
    'statement_cache_size=0',
    'statement_timeout=60000',
    'lock_timeout=1000',
    'query_timeout=1000',
    'idle_in_transaction_session_timeout=1000',
    'search_path=team_a',
    'sslaccept=strict',
    'sslidentity=client.p12',
    'channel_binding=require',
    'target_session_attrs=read-write',
    'Schema=team_a',
  ])('is refused by its name before anything connects: %s', (parameter) => {
    const name = parameter.slice(0, parameter.indexOf('='));
    const refused = expect.objectContaining({
      code: 'VALIDATION_FAILED',
      field: `DATABASE_URL.${name}`,
      message: `DATABASE_URL has the parameter "${name}", which would have no effect`,
      remedy: expect.stringContaining('') as unknown,
    }) as Error;
    expect(() => createStore({ databaseUrl: `${server}?sslmode=disable&${parameter}` })).toThrow(refused);
  });

  it('never shows the password', () => {
    for (const url of [`${server}?pgbouncer=true`, 'postgresql://user:secret@:port/search']) {
      let shown = '';
      try {
        connectionTo(url);
      } catch (error) {
        shown = JSON.stringify(error, Object.getOwnPropertyNames(error));
      }
      expect(shown).toContain('VALIDATION_FAILED');
      expect(shown).not.toContain('secret');
    }
  });

  it.each(['', '1st', 'team-a', 'a b', 'x"; DROP TABLE search', 'a'.repeat(64)])(
    'refuses a schema that cannot be one: "%s"',
    (schema) => {
      const refused = expect.objectContaining({
        code: 'VALIDATION_FAILED',
        field: 'DATABASE_URL.schema',
        value: schema,
      }) as Error;
      expect(() => connectionTo(`${server}?schema=${encodeURIComponent(schema)}`)).toThrow(refused);
    },
  );

  it('refuses a search path in the options, which would be overruled', () => {
    const refused = expect.objectContaining({ field: 'DATABASE_URL.options' }) as Error;
    expect(() => connectionTo(`${server}?options=-c%20search_path%3Dteam_a`)).toThrow(refused);
  });
});

describe('a parameter of DATABASE_URL that has an effect', () => {
  it('reaches every session', async () => {
    const { config } = connectionTo(`${scratch().databaseUrl}?application_name=mine&options=-c%20work_mem%3D8MB`);
    const client = new Client(config);
    await client.connect();
    const { rows } = await client.query(
      `SELECT current_setting('application_name') AS name, current_setting('work_mem') AS memory,
              current_setting('search_path') AS path, current_setting('TimeZone') AS zone`,
    );
    await client.end();
    expect(rows).toEqual([{ name: 'mine', memory: '8MB', path: '"public"', zone: 'UTC' }]);
  });
});

describe('two installations that share a database by schema', () => {
  it('see their own searches alone, by Prisma and by SQL', async () => {
    const [one, other] = ['team_a', 'Team_B'].map((schema) =>
      createStore({ databaseUrl: `${scratch().databaseUrl}?schema=${schema}` }),
    );
    if (one === undefined || other === undefined) throw new Error('There are two');
    await one.migrate(() => undefined);
    await other.migrate(() => undefined);
    const { searchId, trials } = await createSample(one, 2, [7]);
    const job = trials[0] ?? { trialId: '', attempt: 1 };
    expect(await other.getSearch(searchId)).toBeNull();
    expect(await other.claimTrial({ ...job, workerId: 'worker', leaseSeconds: 15 })).toBeNull();
    expect(await one.claimTrial({ ...job, workerId: 'worker', leaseSeconds: 15 })).not.toBeNull();
    expect((await one.getSearch(searchId))?.trials).toMatchObject({ total: 2, running: 1 });
    expect(await scratch().store.getSearch(searchId)).toBeNull();
    await one.close();
    await other.close();
  });
});

describe('a database with settings of its own', () => {
  it('gives the same times and numbers as any other', async () => {
    const { databaseUrl, store } = scratch();
    const { searchId } = await createSample(store, 3);
    const [before, outcome] = [await store.getSearch(searchId), await store.getResults(searchId)];
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    const name = new URL(databaseUrl).pathname.slice(1);
    for (const setting of ["TimeZone = 'Asia/Kolkata'", "DateStyle = 'SQL, DMY'", 'extra_float_digits = -5']) {
      await client.query(`ALTER DATABASE ${name} SET ${setting}`);
    }
    await client.end();
    const fresh = createStore({ databaseUrl });
    expect(await fresh.getSearch(searchId)).toEqual(before);
    expect(await fresh.getResults(searchId)).toEqual(outcome);
    const created = Date.parse((await fresh.getSearch((await createSample(fresh, 1)).searchId))?.createdAt ?? '');
    expect(Math.abs(created - Date.now())).toBeLessThan(600_000);
    await fresh.close();
  });
});
