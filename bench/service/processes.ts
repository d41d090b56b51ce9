import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { startLocalServices } from '@compound-search/local-services';
import { type Client, createClient } from '@compound-search/sdk';
import { createScratchDatabase } from '@compound-search/store';

import { listeningUrl } from '../../apps/cli/src/service/programs.ts';

/** Slots of a worker whose trials compute nothing: what they wait for is PostgreSQL. */
const SLOTS = 8;

/** A part of the service that runs. */
export interface Part {
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** The API as a process of its own, with PostgreSQL and Valkey. */
export interface BenchmarkedService {
  readonly url: string;
  readonly client: Client;
  readonly api: Part;
  /** Of the superuser. */
  readonly databaseUrl: string;
  /** One worker process for each core, or so many. */
  readonly startWorkers: (processes?: number) => Promise<Part[]>;
  readonly stop: () => Promise<void>;
}

/** Starts all but the workers, on a folder of its own. */
export async function startBenchmarkedService(): Promise<BenchmarkedService> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'compound-search-service-'));
  const services = await startLocalServices({ dataFolder });
  const { databaseUrl } = await createScratchDatabase(services.databaseUrl);
  const variables = { DATABASE_URL: databaseUrl, REDIS_URL: services.redisUrl, LOG_LEVEL: 'error' };
  const parts: Part[] = [];
  const stop = async (): Promise<void> => {
    for (const part of parts.toReversed()) await part.stop();
    await services.stop();
    await rm(dataFolder, { recursive: true });
  };
  const start = async (program: string, more: NodeJS.ProcessEnv): Promise<{ part: Part; message: unknown }> => {
    const started = await startPart(program, { ...variables, ...more });
    parts.push(started.part);
    return started;
  };
  try {
    const { part: api, message } = await start('../../apps/api/src/main.ts', {
      PORT: '0',
      MAXIMUM_CANDIDATES: '100000',
    });
    const url = listeningUrl(message) ?? '';
    const startWorkers = async (processes = availableParallelism()): Promise<Part[]> => {
      const slots = { COMPOUND_SEARCH_SLOTS: String(SLOTS) };
      const starts = Array.from({ length: processes }, () => start('./instant-worker.ts', slots));
      return (await Promise.all(starts)).map(({ part }) => part);
    };
    return { url, client: createClient({ baseUrl: url }), api, databaseUrl, startWorkers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves with the first message of the program, by which it says that it is ready. */
async function startPart(program: string, env: NodeJS.ProcessEnv): Promise<{ part: Part; message: unknown }> {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child = fork(file, { env, execArgv: ['--import', 'tsx'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${program} has ended`)));
  // It ends in the end.
  ended.catch(() => undefined);
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
  return { part: { pid: child.pid ?? 0, stop: () => stopChild(child) }, message };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
