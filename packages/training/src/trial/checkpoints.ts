import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { epochSchema } from '@compound-search/contracts';
import { z } from 'zod';

const openEpochSchema = z.object({
  /** Steps of it that are done. */
  steps: z.int(),
  /** Sums over these steps. */
  loss: z.number(),
  correct: z.number(),
  /** Of its last step. */
  learningRate: z.number(),
  /** Since it began, those between an interruption and its resumption left out. */
  seconds: z.number(),
});

/** How far the epoch under way is. */
export type OpenEpoch = z.infer<typeof openEpochSchema>;

const progressSchema = z.object({
  /** Of the training: a checkpoint of another one, or of another version of the program, is not used. */
  identity: z.string(),
  /** Steps from the start, of all epochs. */
  step: z.int().min(1),
  /** The learning curve so far. */
  epochs: z.array(epochSchema),
  openEpoch: openEpochSchema,
  /** Spent in training steps. */
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

/** Where the checkpoints of one trial lie, in a folder for each of its attempts. */
export function checkpointFolder(trainingFolder: string, trialId: string): string {
  return path.join(checkpointsFolder(trainingFolder), trialId);
}

const wholeName = /^step-(\d+)$/;

export interface CheckpointsOptions {
  /** Of the trial, as {@link checkpointFolder} names it. */
  readonly folder: string;
  readonly attempt: number;
  readonly identity: string;
}

/** A whole checkpoint by its name alone. */
interface Found {
  readonly directory: string;
  readonly attempt: number;
  readonly step: number;
}

/**
 * Checkpoints of one attempt at a trial: `<attempt>/step-<n>/` with the variables as TensorFlow writes them and
 * `progress.json`. A folder gets its name when all of it is written, so that one with a name is whole.
 *
 * An attempt reads the checkpoints of every attempt, but writes and deletes in its own folder alone: one that was
 * declared lost and still runs cannot disturb the one that took its place.
 */
export class Checkpoints {
  readonly #trialFolder: string;
  readonly #ownFolder: string;
  readonly #identity: string;

  constructor({ folder, attempt, identity }: CheckpointsOptions) {
    this.#trialFolder = folder;
    this.#ownFolder = path.join(folder, String(attempt));
    this.#identity = identity;
  }

  /**
   * Folders of the whole checkpoints of all attempts, the furthest first. It looks again before each of them, since an
   * attempt that still runs may have replaced its own meanwhile.
   */
  async *furthestFirst(): AsyncGenerator<string, void> {
    const given = new Set<string>();
    for (;;) {
      const found = (await this.#whole()).find(({ directory }) => !given.has(directory));
      if (found === undefined) return;
      given.add(found.directory);
      yield found.directory;
    }
  }

  /** The checkpoint in a folder; null where another training wrote it. @throws Error where it cannot be read. */
  async read(directory: string): Promise<Checkpoint | null> {
    const progress = progressSchema.parse(JSON.parse(await readFile(path.join(directory, 'progress.json'), 'utf8')));
    return progress.identity === this.#identity ? { progress, prefix: prefixIn(directory) } : null;
  }

  /**
   * Writes a checkpoint, `save` the variables to files whose names begin with its prefix, and removes this attempt's
   * earlier ones. @throws Error where it cannot be written; the one before is then still there.
   */
  async write(progress: Omit<Progress, 'identity'>, save: (prefix: string) => void): Promise<void> {
    const name = `step-${progress.step}`;
    const temporary = path.join(this.#ownFolder, `partial-${randomUUID()}`);
    try {
      await mkdir(temporary, { recursive: true });
      save(prefixIn(temporary));
      await writeFile(
        path.join(temporary, 'progress.json'),
        JSON.stringify({ ...progress, identity: this.#identity } satisfies Progress),
      );
      await rm(path.join(this.#ownFolder, name), { recursive: true, force: true });
      await rename(temporary, path.join(this.#ownFolder, name));
    } catch (error) {
      // What is half written would fill the disk further. Where it cannot be removed either, the first fault says why.
      await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
      throw error;
    }
    await this.#removeAllBut(name);
  }

  async #whole(): Promise<Found[]> {
    const attempts = (await namesIn(this.#trialFolder)).filter((name) => /^\d+$/.test(name));
    const found = await Promise.all(
      attempts.map(async (attempt) => {
        const names = await namesIn(path.join(this.#trialFolder, attempt));
        return names.flatMap((name): Found[] => {
          const step = wholeName.exec(name)?.[1];
          if (step === undefined) return [];
          const directory = path.join(this.#trialFolder, attempt, name);
          return [{ directory, attempt: Number(attempt), step: Number(step) }];
        });
      }),
    );
    return found.flat().sort((a, b) => b.step - a.step || b.attempt - a.attempt);
  }

  async #removeAllBut(kept: string): Promise<void> {
    const others = (await readdir(this.#ownFolder)).filter((name) => name !== kept);
    await Promise.all(others.map((name) => rm(path.join(this.#ownFolder, name), { recursive: true, force: true })));
  }
}

/** The names in a folder; none where it does not exist (yet, or any more). */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function prefixIn(directory: string): string {
  return path.join(directory, 'variables');
}
