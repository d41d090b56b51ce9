import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { lockDataFolder, type RunningService, startPostgres, startValkey } from '@compound-search/local-services';
import { type Client, createClient } from '@compound-search/sdk';

import { readEnvironment } from '../../apps/cli/src/env.ts';
import { apiProgram, listeningUrl, type ServiceUrls, workerProgram } from '../../apps/cli/src/service/programs.ts';
import {
  serviceRestartPolicy,
  type StartService,
  supervisedService,
} from '../../apps/cli/src/service/supervised-service.ts';
import { supervisedProgram } from '../../apps/cli/src/supervision/supervised-program.ts';
import { Supervisor } from '../../apps/cli/src/supervision/supervisor.ts';

export const WORKERS = 3;

/** What can be disturbed: its process id is undefined while it is down. */
export type Part = Pick<Supervisor<unknown>, 'pid'>;

/** One worker, of one slot. */
export interface WorkerPart {
  readonly part: Part;
  /** Sets its clock so many hours off. */
  readonly setClock: (hours: number) => void;
}

/** The parts of a whole service, each started again when it dies, as `serve` does it. */
export interface ChaosService extends ServiceUrls {
  readonly client: Client;
  readonly api: Part;
  readonly postgres: Part;
  readonly valkey: Part;
  readonly workers: readonly WorkerPart[];
  readonly stop: () => Promise<void>;
}

const environment = readEnvironment();

/**
 * Starts PostgreSQL, Valkey, the API with its reconciler, and three workers whose trainings are stood in for: the first
 * two on one machine, as it were, with one folder of checkpoints, the third on another.
 */
export async function startChaosService(folder: string): Promise<ChaosService> {
  const owned = lockDataFolder(folder);
  const dataFolder = owned.folder;
  const stops: (() => Promise<void>)[] = [() => Promise.resolve().then(owned.release)];
  const keepAlive = <Ready>(...options: ConstructorParameters<typeof Supervisor<Ready>>): Supervisor<Ready> => {
    const supervisor = new Supervisor(...options);
    stops.unshift(() => supervisor.stop());
    return supervisor;
  };
  const stop = async (): Promise<void> => {
    for (const stopPart of stops) await stopPart();
  };
  const server = (name: string, start: StartService): Supervisor<RunningService> =>
    keepAlive(supervisedService(name, start, { dataFolder }), { policy: serviceRestartPolicy });
  try {
    const [postgres, valkey] = [server('PostgreSQL', startPostgres), server('Valkey', startValkey)];
    const needs = [postgres, valkey];
    const [{ url: databaseUrl }, { url: redisUrl }] = await Promise.all([postgres.ready, valkey.ready]);
    const options = { environment, dataFolder, databaseUrl, redisUrl, access: undefined };
    let port = 0;
    const api = keepAlive(supervisedProgram(apiProgram({ ...options, port: () => port })), { needs });
    const url = listeningUrl(await api.ready) ?? '';
    port = Number(new URL(url).port);
    const workers = Array.from({ length: WORKERS }, (_, index) => {
      const { program, setClock } = standInWorker(index, options);
      return { part: keepAlive(supervisedProgram(program), { needs }), setClock };
    });
    await Promise.all(workers.map(({ part }) => part.ready));
    return { databaseUrl, redisUrl, client: createClient({ baseUrl: url }), api, postgres, valkey, workers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function standInWorker(index: number, options: Omit<Parameters<typeof workerProgram>[0], 'slots'>) {
  const clockFile = path.join(options.dataFolder, `clock-${index}`);
  const program = workerProgram({ ...options, slots: 1 });
  const machine = path.join(options.dataFolder, index < 2 ? 'machine-1' : 'machine-2');
  mkdirSync(machine, { recursive: true });
  return {
    program: {
      ...program,
      entry: fileURLToPath(new URL('./programs/worker.ts', import.meta.url)),
      logFile: program.logFile.replace(/\.log$/u, `-${index}.log`),
      environment: () => ({
        ...program.environment(),
        COMPOUND_SEARCH_TRAINING_FOLDER: machine,
        CHAOS_CLOCK_FILE: clockFile,
        NODE_OPTIONS: `--import ${new URL('./programs/movable-clock.mjs', import.meta.url).href}`,
      }),
    },
    setClock: (hours: number) => writeFileSync(clockFile, String(hours)),
  };
}
