import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { lockDataFolder, startPostgres } from '@compound-search/local-services';
import { trainingEnvironment } from '@compound-search/training';
import { z } from 'zod';

import type { PythonEnvironment } from '../peers/python-environment.ts';
import { runProgram } from '../peers/run-program.ts';
import type { Contestant, Outcome } from './outcome.ts';

/** What a peer is told. */
export interface PeerOptions {
  readonly python: PythonEnvironment;
  /** Folder of the job. */
  readonly directory: string;
  /** Trainings at once, each in a process of one thread. */
  readonly processes: number;
  /** Of images in memory, as PyTorch names it. */
  readonly layout: string;
}

const layoutSchema = z.object({ layout: z.string(), secondsPerStep: z.record(z.string(), z.number()) });

/** The layout of images in which PyTorch trains the job faster, with the seconds of a step in each. */
export async function chooseLayout(
  python: PythonEnvironment,
  directory: string,
): Promise<z.infer<typeof layoutSchema>> {
  return layoutSchema.parse(JSON.parse(await runPython(python, 'choose_layout.py', [directory])));
}

/** A storage for Optuna. */
export interface OptunaStorage {
  /** As SQLAlchemy takes it. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** A PostgreSQL of Optuna's own, of the version that the product starts, with Optuna's tables in it. */
export async function startOptunaStorage(python: PythonEnvironment, directory: string): Promise<OptunaStorage> {
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'compound-search-bench-'));
  const owned = lockDataFolder(dataFolder);
  const postgres = await startPostgres({ dataFolder: owned.folder });
  const storage = {
    url: postgres.url.replace('postgresql:', 'postgresql+psycopg2:'),
    stop: async () => {
      await postgres.stop();
      owned.release();
      await rm(dataFolder, { recursive: true });
    },
  };
  try {
    await runPython(python, 'optuna_search.py', [directory, '--prepare'], { OPTUNA_STORAGE: storage.url });
  } catch (error) {
    await storage.stop();
    throw error;
  }
  return storage;
}

const trainingSchema = z.object({ candidate: z.int(), seed: z.int(), accuracy: z.number(), epochs: z.number() });
const reportSchema = z.object({
  version: z.string(),
  best: z.int(),
  trainings: z.array(trainingSchema),
  /** Seconds of a start that the others have behind them, such as of a cluster. */
  startSeconds: z.number().default(0),
  processorSeconds: z.number().nullable(),
});

/** Optuna's GridSampler over candidates and seeds, with PyTorch. */
export function createOptuna(options: PeerOptions, storage: OptunaStorage): Contestant {
  const search = (): Promise<Outcome> => runPeer('optuna_search.py', options, { OPTUNA_STORAGE: storage.url });
  return { name: 'Optuna', search };
}

/** Ray Tune's ASHA over candidates and seeds, with PyTorch. */
export function createRay(options: PeerOptions): Contestant {
  return { name: 'Ray Tune', search: () => runPeer('ray_search.py', options, {}) };
}

async function runPeer(
  program: string,
  { python, directory, processes, layout }: PeerOptions,
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const started = performance.now();
  const args = [directory, '--processes', String(processes), '--layout', layout];
  const printed = await runPython(python, program, args, environment);
  const wallSeconds = (performance.now() - started) / 1000;
  const { version, best, trainings, startSeconds, processorSeconds } = reportSchema.parse(JSON.parse(printed));
  return {
    wallSeconds: wallSeconds - startSeconds,
    processorSeconds,
    trainings,
    testTrainings: [],
    best,
    description: version,
    claim: null,
  };
}

async function runPython(
  { program }: PythonEnvironment,
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const file = fileURLToPath(new URL(`../peers/${script}`, import.meta.url));
  // One thread a training for all, as ours have.
  const variables = { ...trainingEnvironment('cpu'), ...environment };
  return runProgram(program, ['-W', 'ignore', file, ...args], { environment: variables });
}
