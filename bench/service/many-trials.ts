import { setTimeout as sleep } from 'node:timers/promises';

import { Client } from 'pg';

import { completeStarted, renewResults, startTrials } from './made-up-results.ts';
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

/** As workers do it, all trials at once. */
async function complete(database: Client, searchId: string): Promise<void> {
  await startTrials(database, searchId);
  await database.query(
    `INSERT INTO epoch (trial_id, attempt, epoch, step, learning_rate, train_loss, train_accuracy, validation_loss,
                        validation_accuracy, seconds)
     SELECT id, attempt, number, number * 10, 0.01, 1.0 / number, 1 - 1.0 / (1 + number), 1.0 / number,
            1 - 1.0 / (1 + number), 1
     FROM trial CROSS JOIN generate_series(1, $2) AS number WHERE search_id = $1 AND state = 'running'`,
    [searchId, EPOCHS],
  );
  await completeStarted(database, searchId);
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
      const renewed = await timeReads(`${url}${address}`, () => renewResults(database, searchId));
      const again = await timeReads(`${url}${address}`, () => Promise.resolve());
      const label = address.replace(searchId, '{id}').padEnd(32);
      console.log(`  ${label} after another result ${latencies(renewed)}; again ${latencies(again)}`);
    }
  } finally {
    await database.end();
  }
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
