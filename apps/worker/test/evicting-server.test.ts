import { randomUUID } from 'node:crypto';

import { createScratchDatabase } from '@compound-search/store';
import { pino } from 'pino';
import { expect, inject, it, onTestFinished } from 'vitest';

import { startValkey } from '../../../packages/local-services/src/index.ts';
import { redisCommand } from '../../../test/redis-command.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { startWorker } from '../src/worker.ts';
import { noFiles } from './no-files.ts';
import { scriptedTrainings } from './scripted-training.ts';

it('warns at its start of a server that may evict jobs and locks', async () => {
  // A server of the test's own, since the policy holds for all that is on it.
  const valkey = await startValkey({ dataFolder: await temporaryFolder() });
  onTestFinished(() => valkey.stop());
  await redisCommand(valkey.url, 'CONFIG SET maxmemory-policy allkeys-lru');
  const database = await createScratchDatabase(inject('databaseUrl'));
  onTestFinished(() => database.drop());
  const lines: string[] = [];
  const worker = await startWorker({
    environment: {
      DATABASE_URL: database.databaseUrl,
      REDIS_URL: valkey.url,
      QUEUE_PREFIX: randomUUID(),
      COMPOUND_SEARCH_SLOTS: 1,
      COMPOUND_SEARCH_DATA_ROOT: 'datasets',
      COMPOUND_SEARCH_RESIDENT_MEGABYTES: 1024,
      LOG_LEVEL: 'warn',
      METRICS_HOST: '127.0.0.1',
    },
    startTraining: scriptedTrainings().start,
    leftFiles: noFiles,
    logger: pino({ level: 'warn' }, { write: (line) => void lines.push(line) }),
    signal: new AbortController().signal,
  });
  await worker.close();
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toContainEqual(
    expect.stringMatching(/allkeys-lru.*noeviction/),
  );
});
