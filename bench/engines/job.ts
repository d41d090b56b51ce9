/**
 * A training that every engine runs alike, as a folder: `job.json` with the layers and the recipe, and beside it the
 * raw data, batches and initial weights, which an engine in another language can read as they are.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { recipeSchema } from '@compound-search/contracts';
import { type Network } from '@compound-search/networks';
import type { TrainerRequest } from '@compound-search/training';
import { z } from 'zod';

const shapeSchema = z.object({ spatial: z.array(z.int()), channels: z.int() });

const jobSchema = z.object({
  /** Layers as packages/networks lists them; every engine interprets this one list. */
  network: z.custom<Network>(
    (value) => z.looseObject({ input: shapeSchema, layers: z.array(z.unknown()) }).safeParse(value).success,
  ),
  recipe: recipeSchema,
  /** Images in `images.bin` (uint8 [count, height, width, channels]) and classes in `labels.bin` (int32 [count]). */
  count: z.int(),
  /** Batches in `batches.bin` (int32 [batches, batchSize], indices of images); steps go round them. */
  batches: z.int(),
  /** First steps, whose losses must agree among the engines. */
  agreementSteps: z.int(),
  /** Further steps before the clock may start, at most and at least two; those after `warmupSeconds` are left out. */
  warmupSteps: z.int().min(2),
  warmupSeconds: z.number(),
  /** Trained variables in `weights.bin` (float32), in TensorFlow's layouts: kernels are [height, width, in, out]. */
  weights: z.array(z.object({ name: z.string(), shape: z.array(z.int()), offset: z.int() })),
});

export type Job = z.infer<typeof jobSchema>;

/** The arrays of a job. */
export interface JobArrays {
  readonly images: Uint8Array;
  readonly labels: Int32Array;
  readonly batches: Int32Array;
  readonly weights: Float32Array;
}

export async function writeJob(directory: string, job: Job, arrays: JobArrays): Promise<void> {
  await Promise.all([
    writeFile(path.join(directory, 'job.json'), JSON.stringify(job)),
    ...(['images', 'labels', 'batches', 'weights'] as const).map((name) =>
      writeFile(path.join(directory, `${name}.bin`), bytesOf(arrays[name])),
    ),
  ]);
}

export async function readJob(directory: string): Promise<{ job: Job; arrays: JobArrays }> {
  const read = async (name: string): Promise<ArrayBuffer> => {
    const buffer = await readFile(path.join(directory, `${name}.bin`));
    return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
  };
  const job = jobSchema.parse(JSON.parse(await readFile(path.join(directory, 'job.json'), 'utf8')));
  return {
    job,
    arrays: {
      images: new Uint8Array(await read('images')),
      labels: new Int32Array(await read('labels')),
      batches: new Int32Array(await read('batches')),
      weights: new Float32Array(await read('weights')),
    },
  };
}

/** Indices of the images of a step. */
export function batchOf({ job, arrays }: { job: Job; arrays: JobArrays }, step: number): Int32Array {
  const start = (step % job.batches) * job.recipe.batchSize;
  return arrays.batches.subarray(start, start + job.recipe.batchSize);
}

/** The initial values of the trained variables by name. */
export function initialWeights({
  job,
  arrays,
}: {
  job: Job;
  arrays: JobArrays;
}): Map<string, { values: Float32Array; shape: number[] }> {
  return new Map(
    job.weights.map(({ name, shape, offset }) => {
      const size = shape.reduce((product, side) => product * side, 1);
      return [name, { values: arrays.weights.subarray(offset, offset + size), shape }];
    }),
  );
}

/** The job as a trainer of our own takes it. */
export function trainerRequest({ job, arrays }: { job: Job; arrays: JobArrays }): TrainerRequest {
  const { network, recipe, count } = job;
  const [height = 0, width = 0] = network.input.spatial;
  const none = new Int32Array(0);
  return {
    network,
    recipe,
    data: {
      image: { height, width, channels: network.input.channels },
      classes: network.classes,
      contentHash: '',
      count,
      images: arrays.images,
      labels: arrays.labels,
      train: arrays.batches,
      validation: none,
      test: none,
    },
  };
}

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
