import { createScratchDatabase, createStore, type Store } from '@compound-search/store';
import { beforeAll, inject } from 'vitest';

export interface ScratchStore {
  readonly store: Store;
  readonly databaseUrl: string;
}

/** A store on a database of the calling test file's own, which is removed when the file is done. */
export function useScratchStore(): () => ScratchStore {
  let scratch: ScratchStore | undefined;
  beforeAll(async () => {
    const database = await createScratchDatabase(inject('databaseUrl'));
    const store = createStore({ databaseUrl: database.databaseUrl });
    scratch = { store, databaseUrl: database.databaseUrl };
    return async () => {
      await store.close();
      await database.drop();
    };
  });
  return () => {
    if (scratch === undefined) throw new Error('The scratch store is there only while tests run');
    return scratch;
  };
}
