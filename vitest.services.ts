/**
 * One real PostgreSQL and one real Valkey for the whole test run, in a folder of their own. Tests take the URLs with
 * vitest's `inject` and keep apart by a database and a key prefix for each file.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startLocalServices } from '@compound-search/local-services';
import { type TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** PostgreSQL connection URL of a role that may create databases. */
    databaseUrl: string;
    redisUrl: string;
  }
}

export default async function startServices(project: TestProject): Promise<() => Promise<void>> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'compound-search-test-'));
  // Trainings of tests leave their graphs and checkpoints here, not among the user's own.
  process.env['COMPOUND_SEARCH_TRAINING_FOLDER'] = path.join(dataFolder, 'trainings');
  const services = await startLocalServices({ dataFolder });
  project.provide('databaseUrl', services.databaseUrl);
  project.provide('redisUrl', services.redisUrl);
  return async () => {
    await services.stop();
    await rm(dataFolder, { recursive: true });
  };
}
