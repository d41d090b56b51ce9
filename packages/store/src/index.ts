/**
 * The record of searches, candidates, trials and results in PostgreSQL. The API and the worker import it; Prisma is
 * imported nowhere else. `createScratchDatabase` gives a test file a migrated database of its own.
 */
export { createStore, type StoreOptions } from './create-store.ts';
export { createScratchDatabase, type ScratchDatabase } from './scratch-database.ts';
export type {
  Attempt,
  BaselineStore,
  CandidateOutcome,
  ClaimedTrial,
  CreatedSearch,
  EndedByOutcome,
  ExpiredLeases,
  FailedAttempt,
  LeaseState,
  LeaseStore,
  ModelRecord,
  ModelStore,
  Page,
  PageRequest,
  RerunStore,
  SearchOutcome,
  SearchStore,
  SearchToAdvance,
  Store,
  TrialOutcome,
  TrialStore,
} from './store.ts';
