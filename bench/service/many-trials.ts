import { setTimeout as sleep } from 'node:timers/promises';

import { Client } from 'pg';

import type { BenchmarkedService } from './processes.ts';
import { latencies } from './statistics.ts';
import { trivialSearch } from './trivial-searches.ts';

const READS = 40;
/** Of each search. */
const [CANDIDATES, SEEDS, EPOCHS] = [100, 100, 30] as const;

/** Fills the tables with so many searches of 10,000 trials each, all ranked, whose winners wait for their tests. */
export async function fillTables({ client, databaseUrl }: BenchmarkedService, searches: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < searches; index += 1) {
    ids.push((await client.createSearch(trivialSearch(`filled ${index}`, CANDIDATES, SEEDS))).id);
  }
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    for (const id of ids) await complete(database, id);
    await database.query('ANALYZE');
  } finally {
    await database.end();
  }
  for (const id of ids) while ((await client.getSearch(id)).state !== 'testing') await sleep(100);
  return ids;
}

const engine = {
  ...{ tensorflow: 'none', device: 'cpu', platform: 'linux-x64', threads: 1, settings: '', program: '' },
  ...{ datasetHash: 'a'.repeat(64), fingerprint: 'b'.repeat(64) },
};

/** As workers do it, all trials at once. */
async function complete(database: Client, searchId: string): Promise<void> {
  await database.query(
    `UPDATE trial SET state = 'running', attempt_token = gen_random_uuid(), worker_id = 'bench', started_at = now() - interval '8 s',
            lease_expires_at = now() + interval '1 h', engine = $2, steps = 300, step = 300
     WHERE search_id = $1 AND state = 'queued'`,
    [searchId, JSON.stringify(engine)],
  );
  await database.query(
    `INSERT INTO epoch (trial_id, attempt, epoch, step, learning_rate, train_loss, train_accuracy, validation_loss,
                        validation_accuracy, seconds)
     SELECT id, attempt, number, number * 10, 0.01, 1.0 / number, 1 - 1.0 / (1 + number), 1.0 / number,
            1 - 1.0 / (1 + number), 1
     FROM trial CROSS JOIN generate_series(1, $2) AS number WHERE search_id = $1 AND state = 'running'`,
    [searchId, EPOCHS],
  );
  await database.query(
    `UPDATE trial SET state = 'completed', lease_expires_at = NULL, ended_at = now(),
            result = jsonb_build_object(
              'validationAccuracy', 0.95 + (hashtext(candidate_id::text) % 1000) / 1e5 + (hashtext(id::text) % 1000) / 5e5,
              'validationLoss', 0.2, 'testAccuracy', NULL, 'steps', 300, 'imagesPerSecond', 500,
              'weightsHash', md5(candidate_id::text || seed))
     WHERE search_id = $1 AND state = 'running'`,
    [searchId],
  );
}

/** Reads each address often, after another result each time and without one, and counts the statements. */
export async function measureReads({ url, databaseUrl }: BenchmarkedService, searchId: string): Promise<void> {
  const search = `/v1/searches/${searchId}`;
  const addresses = ['/leaderboard', '/coefficients', '/trials', '/curves', ''].map((part) => `${search}${part}`);
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    const counts = await database.query<{ trials: string; epochs: string }>(
      'SELECT (SELECT count(*) FROM trial) AS trials, (SELECT count(*) FROM epoch) AS epochs',
    );
    console.log(`${counts.rows[0]?.trials} trials, ${counts.rows[0]?.epochs} epochs, ${READS} reads each:`);
    for (const address of ['/v1/searches', ...addresses]) {
      const renewed = await timeReads(`${url}${address}`, () => renew(database, searchId));
      const again = await timeReads(`${url}${address}`, () => Promise.resolve());
      const label = address.replace(searchId, '{id}').padEnd(32);
      console.log(`  ${label} after another result ${latencies(renewed)}; again ${latencies(again)}`);
    }
  } finally {
    await database.end();
  }
}

/** Nothing that was ranked before holds any more. */
async function renew(database: Client, searchId: string): Promise<void> {
  await database.query(
    `WITH renewed AS (UPDATE candidate SET results_version = gen_random_uuid() WHERE search_id = $1 AND ordinal = 0)
     UPDATE search SET revision = revision + 1 WHERE id = $1`,
    [searchId],
  );
}

async function timeReads(address: string, before: () => Promise<void>): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let read = 0; read < READS; read += 1) {
    await before();
    const begun = performance.now();
    const response = await fetch(address);
    const body = await response.text();
    milliseconds.push(performance.now() - begun);
    if (response.status !== 200) throw new Error(`${address}: ${response.status} ${body}`);
  }
  return milliseconds;
}
