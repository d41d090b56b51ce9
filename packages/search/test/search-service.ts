import { randomUUID } from 'node:crypto';

import { createTrialQueue, type TrialQueue } from '@compound-search/queue';
import { createScratchDatabase, createStore, type Store } from '@compound-search/store';
import { beforeAll, inject } from 'vitest';

/** What the life of a search needs: a record and a queue. */
export interface TestRecord {
  readonly store: Store;
  readonly queue: TrialQueue;
  readonly redisUrl: string;
  readonly databaseUrl: string;
}

/** A record on a database and a queue of the calling test file's own. */
export function useRecord(): () => TestRecord {
  let record: TestRecord | undefined;
  beforeAll(async () => {
    const database = await createScratchDatabase(inject('databaseUrl'));
    const store = createStore({ databaseUrl: database.databaseUrl });
    const redisUrl = inject('redisUrl');
    const queue = createTrialQueue({ redisUrl, prefix: `test-${randomUUID()}` });
    record = { store, queue, redisUrl, databaseUrl: database.databaseUrl };
    return async () => {
      await queue.close();
      await store.close();
      await database.drop();
    };
  });
  return () => {
    if (record === undefined) throw new Error('The record is there only while tests run');
    return record;
  };
}
