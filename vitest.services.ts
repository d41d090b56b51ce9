/**
 * One real PostgreSQL and one real Valkey for all tests of the tier, in a folder of their own. Tests take the URLs with
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
  const services = await startLocalServices({ dataFolder });
  project.provide('databaseUrl', services.databaseUrl);
  project.provide('redisUrl', services.redisUrl);
  return async () => {
    await services.stop();
    await rm(dataFolder, { recursive: true });
  };
}
