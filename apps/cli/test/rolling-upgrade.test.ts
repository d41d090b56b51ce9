import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import type { SearchRequestInput } from '@compound-search/contracts';
import { type LocalServices, startLocalServices } from '@compound-search/local-services';
import { createClient } from '@compound-search/sdk';
import { expect, it, onTestFinished } from 'vitest';

import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { listeningUrl } from '../src/service/programs.ts';
import { repositoryRoot, typescriptLoader } from '../src/service/repository.ts';
import { newerVersion } from './newer-version.ts';
import { descendantsOf, until } from './processes.ts';
import { smallSearch } from './small-search.ts';

const patience = 900_000;

/** Two candidates with three seeds each, and three tests of the winner. */
const request: SearchRequestInput = {
  ...smallSearch,
  grid: { alpha: [1.2, 2], beta: [1, 1.1], gamma: [1, 1.15] },
  seeds: [1, 2, 3],
  testSeeds: 3,
  split: { trainImages: 64, validationImages: 50 },
};

interface Program {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly log: () => string;
  /** How often the log has a message. */
  readonly said: (message: string) => number;
  readonly ended: Promise<unknown>;
}

/** API and worker of one version of the service, which share PostgreSQL and Valkey with those of others. */
function versionOf(root: string, services: LocalServices, settings: Readonly<Record<string, string>>) {
  const start = (app: 'api' | 'worker'): Program => {
    const child = fork(path.join(root, 'apps', app, 'src', 'main.ts'), {
      execArgv: ['--import', typescriptLoader()],
      env: {
        PATH: '/usr/bin:/bin',
        DATABASE_URL: services.databaseUrl,
        REDIS_URL: services.redisUrl,
        PORT: '0',
        COMPOUND_SEARCH_SLOTS: '1',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    return {
      pid: child.pid ?? 0,
      child,
      log: () => log,
      said: (message) => log.split(`"msg":"${message}"`).length - 1,
      ended: once(child, 'exit').then(([code, signal]: unknown[]) => code ?? signal),
    };
  };
  return { start };
}

/** Waits for the message by which a program says that it does its work. */
async function ready(program: Program): Promise<unknown> {
  const [message] = (await Promise.race([once(program.child, 'message'), program.ended.then(() => [])])) as unknown[];
  if (message === undefined) throw new Error(`The program has ended: ${program.log()}`);
  return message;
}

async function clientOf(api: Program) {
  return createClient({ baseUrl: listeningUrl(await ready(api)) ?? '' });
}

/** Lets what a worker trains stand still, or go on, while the worker itself keeps its lease. */
function signalTrainings(worker: Program, signal: 'SIGSTOP' | 'SIGCONT'): void {
  for (const pid of descendantsOf(worker.pid)) process.kill(pid, signal);
}

async function stop(program: Program): Promise<void> {
  program.child.kill('SIGTERM');
  expect(await program.ended, program.log()).toBe(0);
}

it(
  'goes on with a search while its service is upgraded, each trial once, and refuses what the older version cannot work with',
  async () => {
    const folder = await temporaryFolder();
    const services = await startLocalServices({ dataFolder: path.join(folder, 'services') });
    onTestFinished(() => services.stop());
    const copy = newerVersion(path.join(folder, 'newer'));
    copy.addMigration('29990101000000_trial_note', 'ALTER TABLE trial ADD COLUMN note text');
    const trainings = { COMPOUND_SEARCH_TRAINING_FOLDER: path.join(folder, 'trainings') };
    const older = versionOf(repositoryRoot, services, trainings);
    // Its trainings run other kernels, as those of a version with another TensorFlow would.
    const newer = versionOf(copy.root, services, { ...trainings, TF_ENABLE_ONEDNN_OPTS: '0' });

    const olderApi = older.start('api');
    const olderClient = await clientOf(olderApi);
    const olderWorker = older.start('worker');
    const { id } = await olderClient.createSearch(request);
    await until('the older version trains', () => olderWorker.said('the trial starts') === 1, 240);
    signalTrainings(olderWorker, 'SIGSTOP');

    const newerApi = newer.start('api');
    const newerWorker = newer.start('worker');
    const client = await clientOf(newerApi);
    await until('the newer version has trained', () => newerWorker.said('the trial has completed') === 1, 240);
    signalTrainings(newerWorker, 'SIGSTOP');
    signalTrainings(olderWorker, 'SIGCONT');
    await until('the older version goes on', () => olderWorker.said('the trial starts') === 3, 240);
    expect((await olderClient.getSearch(id)).trials.running).toBe(2);
    await stop(olderWorker);
    await stop(olderApi);
    signalTrainings(newerWorker, 'SIGCONT');

    expect((await client.waitForSearch(id)).state).toBe('completed');
    const trials = (await client.trials(id, { limit: 100 })).items;
    expect(trials.map(({ state }) => state)).toEqual(Array.from({ length: 9 }, () => 'completed'));
    const trained = trials.map(({ candidateId, seed, purpose }) => `${purpose} ${candidateId} ${seed}`);
    expect(new Set(trained).size).toBe(9);
    // Only what the older worker gave back was begun twice.
    expect(trials.filter(({ attempt }) => attempt > 1)).toHaveLength(1);
    const coefficients = await client.coefficients(id);
    expect(coefficients.engines.map(({ trials: count }) => count).sort()).toEqual([2, 7]);
    await stop(newerWorker);

    const returned = older.start('api');
    const returnedClient = await clientOf(returned);
    expect(returned.log()).toContain('A newer version has applied migration 29990101000000_trial_note');
    expect(await returnedClient.coefficients(id)).toEqual(coefficients);
    await stop(returned);
    await stop(newerApi);

    copy.addMigration('29990101000001_note_breaking', 'ALTER TABLE trial RENAME COLUMN note TO remark');
    const newest = newer.start('api');
    expect(await (await clientOf(newest)).coefficients(id)).toEqual(coefficients);
    for (const app of ['api', 'worker'] as const) {
      const refused = older.start(app);
      expect(await refused.ended).toBe(1);
      expect(refused.log()).toContain('"code":"RECORD_UNREADABLE"');
      expect(refused.log()).toContain('29990101000001_note_breaking');
    }
    await stop(newest);
  },
  patience,
);
