import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { epochSchema } from '@compound-search/contracts';
import { z } from 'zod';

const progressSchema = z.object({
  /** Of the training: a checkpoint of another one, or of another version of the program, is not used. */
  identity: z.string(),
  /** The learning curve so far; its last epoch is where the checkpoint stands. */
  epochs: z.array(epochSchema).min(1),
  /** Seconds spent in training steps. */
  trainingSeconds: z.number(),
});

/** How far a training had come. */
export type Progress = z.infer<typeof progressSchema>;

/** A checkpoint on disk. */
export interface Checkpoint {
  readonly progress: Progress;
  /** What the names of the files with the variables begin with. */
  readonly prefix: string;
}

/** Where the checkpoints of all trials lie, in the folder that trainings share. */
export function checkpointsFolder(trainingFolder: string): string {
  return path.join(trainingFolder, 'checkpoints');
}

/** Where the checkpoints of one trial lie. */
export function checkpointFolder(trainingFolder: string, trialId: string): string {
  return path.join(checkpointsFolder(trainingFolder), trialId);
}

const complete = /^epoch-(\d+)$/;

/**
 * Checkpoints of one trial, in a folder of its own: `epoch-<n>/` with the variables as TensorFlow writes them and
 * `progress.json`. A folder gets its name when all of it is written, so that one with a name is whole.
 */
export class Checkpoints {
  readonly #folder: string;
  readonly #identity: string;

  constructor(folder: string, identity: string) {
    this.#folder = folder;
    this.#identity = identity;
  }

  /** The latest checkpoint of this training. */
  async latest(): Promise<Checkpoint | null> {
    const names = (await readdir(this.#folder).catch(() => [])).filter((name) => complete.test(name));
    const [name] = names.sort((a, b) => epochOf(b) - epochOf(a));
    if (name === undefined) return null;
    const directory = path.join(this.#folder, name);
    const progress = progressSchema.parse(JSON.parse(await readFile(path.join(directory, 'progress.json'), 'utf8')));
    return progress.identity === this.#identity ? { progress, prefix: prefixIn(directory) } : null;
  }

  /** Writes a checkpoint, `save` the variables to files whose names begin with its prefix, and removes earlier ones. */
  async write(progress: Omit<Progress, 'identity'>, save: (prefix: string) => void): Promise<void> {
    const temporary = path.join(this.#folder, `partial-${randomUUID()}`);
    await mkdir(temporary, { recursive: true });
    save(prefixIn(temporary));
    await writeFile(
      path.join(temporary, 'progress.json'),
      JSON.stringify({ ...progress, identity: this.#identity } satisfies Progress),
    );
    const name = `epoch-${progress.epochs.at(-1)?.epoch ?? 0}`;
    const directory = path.join(this.#folder, name);
    await rm(directory, { recursive: true, force: true });
    await rename(temporary, directory);
    await this.#removeAllBut(name);
  }

  /** Removes all checkpoints, also what a killed process left half written. */
  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #removeAllBut(kept: string): Promise<void> {
    const others = (await readdir(this.#folder)).filter((name) => name !== kept);
    await Promise.all(others.map((name) => rm(path.join(this.#folder, name), { recursive: true, force: true })));
  }
}

function epochOf(name: string): number {
  return Number(complete.exec(name)?.[1] ?? 0);
}

function prefixIn(directory: string): string {
  return path.join(directory, 'variables');
}
