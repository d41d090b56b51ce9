import { createApiKeyStore } from './access/api-keys.ts';
import { createAttemptStore } from './attempts/attempts.ts';
import { createBaselineStore } from './baselines/baselines.ts';
import { createChangeStore } from './changes/changes.ts';
import { createCreationStore } from './creations/creations.ts';
import { connectionTo } from './database/connection.ts';
import { openDatabase } from './database/database.ts';
import { applyMigrations } from './database/migrations.ts';
import { createDecisionStore } from './decisions/decisions.ts';
import { createHistoryStore } from './history/history.ts';
import { createImportStore } from './imports/imports.ts';
import { createLifeCycleStore } from './life-cycle/life-cycle.ts';
import { createModelStore } from './models/models.ts';
import { createRerunStore } from './models/reruns.ts';
import { createSearchStore } from './searches/searches.ts';
import { createStatisticsStore } from './statistics/statistics.ts';
import type { Store } from './store.ts';
import { createTrialStore } from './trials/trials.ts';
import { createWorkerStore } from './workers/workers.ts';

export interface StoreOptions {
  /** `postgresql://user:password@host:port/database`; `?schema=` names the schema of the tables, `public` by default. */
  readonly databaseUrl: string;
  /**
   * Most connections that this process holds. PostgreSQL allows 100 in all by default; statements here take
   * milliseconds, so a few serve many callers.
   * @defaultValue 10
   */
  readonly poolSize?: number;
}

/**
 * Opens the store. It connects with the first call, so a PostgreSQL that is still starting is no fault yet.
 * @throws CompoundSearchError `VALIDATION_FAILED` for a parameter of the URL that would have no effect.
 */
export function createStore({ databaseUrl, poolSize = 10 }: StoreOptions): Store {
  const database = openDatabase({ databaseUrl, poolSize });
  return {
    ...createSearchStore(database),
    ...createChangeStore(database, connectionTo(databaseUrl).config),
    ...createCreationStore(database),
    ...createLifeCycleStore(database),
    ...createDecisionStore(database),
    ...createTrialStore(database),
    ...createRerunStore(database),
    ...createModelStore(database),
    ...createAttemptStore(database),
    ...createBaselineStore(database),
    ...createHistoryStore(database),
    ...createImportStore(database),
    ...createApiKeyStore(database),
    ...createStatisticsStore(database),
    ...createWorkerStore(database),
    migrate: (log) => applyMigrations(databaseUrl, { log }),
    ping: () => database.ping(),
    close: () => database.close(),
  };
}
