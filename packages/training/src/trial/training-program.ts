import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { writeSavedModel } from '@compound-search/graph';

import { buildTrainingGraph, type TrainingGraph, type TrainingGraphRequest } from '../lowering/training-graph.ts';
import { runnable, type RunnableSignature } from '../tensorflow/session.ts';
import { hashSources } from './program-hash.ts';

/** A training graph on disk, and how to run it. */
export interface TrainingProgram {
  /** Of the SavedModel. */
  readonly directory: string;
  readonly signatures: Readonly<Record<keyof TrainingGraph['signatures'], RunnableSignature>>;
  readonly train: readonly RunnableSignature[];
  readonly networkVariables: TrainingGraph['networkVariables'];
}

/** Holds what {@link TrainingProgram} says beside the model; written last, so that it stands for a whole program. */
const programFile = 'program.json';

/** Graphs kept on disk, of about a megabyte each: a search comes back to a candidate within a few trials, or much later. */
const keptPrograms = 64;

const sourceFolders = [
  new URL('../lowering', import.meta.url),
  new URL('.', import.meta.resolve('@compound-search/graph')),
].map((url) => fileURLToPath(url));

/**
 * Finds the training graph of a request below `folder`, or builds it there. The folder's name is a hash over all that
 * decides the graph, our own sources included, so that a graph is never used for another request or by another version.
 */
export async function writeTrainingProgram(request: TrainingGraphRequest, folder: string): Promise<TrainingProgram> {
  const directory = path.join(folder, await programKey(request));
  const file = path.join(directory, programFile);
  if (existsSync(file)) {
    const program = JSON.parse(await readFile(file, 'utf8')) as Omit<TrainingProgram, 'directory'>;
    await utimes(directory, new Date(), new Date());
    return { ...program, directory };
  }
  const built = buildTrainingGraph(request);
  const train = Object.fromEntries(built.train.map((signature, part) => [`train-${part}`, signature]));
  const signatures = { ...built.signatures, ...train };
  await writeSavedModel(directory, built.graph, { signatures, initialize: built.initialize });
  const program = {
    signatures: runnables(built.signatures),
    train: built.train.map(runnable),
    networkVariables: built.networkVariables,
  };
  await writeFile(`${file}.${process.pid}`, JSON.stringify(program));
  await rename(`${file}.${process.pid}`, file);
  await removeOldPrograms(folder);
  return { ...program, directory };
}

function runnables(signatures: TrainingGraph['signatures']): TrainingProgram['signatures'] {
  const { load, initialize, evaluate, save, restore } = signatures;
  return {
    load: runnable(load),
    initialize: runnable(initialize),
    evaluate: runnable(evaluate),
    save: runnable(save),
    restore: runnable(restore),
    export: runnable(signatures.export),
    import: runnable(signatures.import),
  };
}

async function programKey(request: TrainingGraphRequest): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(request));
  return hash
    .update(await hashSources(sourceFolders))
    .digest('hex')
    .slice(0, 32);
}

/** Removes the programs that were used the longest ago; one that another process has just removed is no fault. */
async function removeOldPrograms(folder: string): Promise<void> {
  const names = await readdir(folder);
  const used = await Promise.all(
    names.map(async (name) => {
      const found = await stat(path.join(folder, name)).catch(() => null);
      return { name, time: found?.mtimeMs ?? 0 };
    }),
  );
  const old = used.sort((a, b) => b.time - a.time).slice(keptPrograms);
  await Promise.all(old.map(({ name }) => rm(path.join(folder, name), { recursive: true, force: true })));
}
