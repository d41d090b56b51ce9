import type { ApiKeyStore } from './access/api-key-store.ts';
import type { AttemptStore } from './attempts/attempt-store.ts';
import type { BaselineStore } from './baselines/baseline-store.ts';
import type { ChangeStore } from './changes/change-store.ts';
import type { CreationStore } from './creations/creation-store.ts';
import type { DecisionStore } from './decisions/decision-store.ts';
import type { HistoryStore } from './history/history-store.ts';
import type { ImportStore } from './imports/import-store.ts';
import type { LifeCycleStore } from './life-cycle/life-cycle-store.ts';
import type { ModelStore, RerunStore } from './models/model-store.ts';
import type { SearchStore } from './searches/search-store.ts';
import type { StatisticsStore } from './statistics/statistics-store.ts';
import type { TrialStore } from './trials/trial-store.ts';
import type { WorkerStore } from './workers/worker-store.ts';

/**
 * Searches, candidates, trials and results: the one record of what is to be done, under way and done.
 *
 * Every change of state is one conditional update, so any number of services and workers may call at the same time:
 * the first wins and the others are told so by their return value, never by an error. Leases run on the database's
 * clock. An attempt's token is handed out by {@link Store.claimNextTrial} and fences every later write of that attempt:
 * once the trial went to another attempt, or ended, nothing that the old holder sends changes anything.
 *
 * @throws CompoundSearchError from every method: `DEPENDENCY_UNAVAILABLE` when PostgreSQL does not answer or takes no
 * writes, and what was asked may or may not be stored; `DEPENDENCY_SLOW` when it gave up for want of time, and nothing is
 * stored. Both pass, so the call may be repeated. Repeating a verb of an attempt gives the first answer again.
 */
export interface Store
  extends
    SearchStore,
    ChangeStore,
    CreationStore,
    LifeCycleStore,
    DecisionStore,
    TrialStore,
    RerunStore,
    ModelStore,
    AttemptStore,
    BaselineStore,
    HistoryStore,
    ImportStore,
    ApiKeyStore,
    StatisticsStore,
    WorkerStore {
  /**
   * Brings the tables up to date; several services may do it at once. A newer version may have done it before, as long
   * as this version can work with its tables.
   * @param log - takes a line about a wait for another service, and about the migrations of a newer version.
   */
  migrate(log: (line: string) => void): Promise<void>;
  /** Resolves when PostgreSQL answers and takes writes. */
  ping(): Promise<void>;
  /** Ends all connections; nothing may be called after. */
  close(): Promise<void>;
}
