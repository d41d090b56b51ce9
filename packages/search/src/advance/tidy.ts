import type { LifeCycleStore, WorkerStore } from '@compound-search/store';

/** What tidying needs of its surroundings. */
export interface Tidying {
  readonly store: Pick<LifeCycleStore, 'forgetDeleted'> & Pick<WorkerStore, 'forgetLostWorkers'>;
}

/** Removes from the record what was kept for a while only. Any number of services may do so. */
export async function tidy({ store }: Tidying): Promise<void> {
  await store.forgetDeleted();
  await store.forgetLostWorkers();
}
