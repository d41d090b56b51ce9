/**
 * The record of searches, candidates, trials and results in PostgreSQL. The API and the worker import it; Prisma is
 * imported nowhere else. `createScratchDatabase` gives a test file a migrated database of its own.
 */
export type { ApiKeyStore } from './access/api-key-store.ts';
export type {
  Attempt,
  AttemptStart,
  AttemptStore,
  ClaimedTrial,
  ExpiredLeases,
  FailedAttempt,
  LeaseState,
} from './attempts/attempt-store.ts';
export type { BaselineStore } from './baselines/baseline-store.ts';
export type { Change, Changes, ChangeStore, ChangeSubscription } from './changes/change-store.ts';
export { createStore, type StoreOptions } from './create-store.ts';
export { AlreadyCreatedError, type Creation, type CreationStore } from './creations/creation-store.ts';
export type { Page, PageRequest } from './database/pages.ts';
export { createScratchDatabase, type ScratchDatabase } from './database/scratch-database.ts';
export type { AssignedTrial, DecisionStore, SearchRound } from './decisions/decision-store.ts';
export type { EarlierScores, HistoryStore, RecentTraining } from './history/history-store.ts';
export type { ImportedResult, ImportStore, ImportVerdict } from './imports/import-store.ts';
export type { FoundSearch, LifeCycleStore } from './life-cycle/life-cycle-store.ts';
export type { CreatedRerun, ModelRecord, ModelStore, RerunStore } from './models/model-store.ts';
export type {
  CandidateResults,
  CandidateTrials,
  CreatedSearch,
  EndedByTrials,
  SearchAnswer,
  SearchDefinition,
  SearchResults,
  SearchStore,
  SearchToAdvance,
} from './searches/search-store.ts';
export type { Statistics, StatisticsStore } from './statistics/statistics-store.ts';
export type { Store } from './store.ts';
export type { TrialOutcome, TrialStore } from './trials/trial-store.ts';
export type { WorkerReport, WorkerStore } from './workers/worker-store.ts';
