import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import {
  dataRootSchema,
  type Device,
  formatKernelSettings,
  type KernelSettings,
  kernelSettings,
  kernelSettingsSchema,
  parseEnvironment,
  residentMegabytesSchema,
} from '@compound-search/contracts';

/** Folder of the data sets in files: `COMPOUND_SEARCH_DATA_ROOT`, which a training child inherits, else `datasets`. */
export function dataRootOfEnvironment(): string {
  const folder = process.env['COMPOUND_SEARCH_DATA_ROOT'];
  return dataRootSchema.parse(folder === '' ? undefined : folder);
}

/**
 * Bytes of images up to which a training keeps them in its graph: `COMPOUND_SEARCH_RESIDENT_MEGABYTES`, which a training
 * child inherits.
 */
export function residentBytesOfEnvironment(): number {
  const megabytes = process.env['COMPOUND_SEARCH_RESIDENT_MEGABYTES'];
  return residentMegabytesSchema.parse(megabytes === '' ? undefined : megabytes) * 2 ** 20;
}

/**
 * Folder of the checkpoints and graphs that trainings leave to later ones: `COMPOUND_SEARCH_TRAINING_FOLDER`, which a
 * training child inherits, else one of the user's own among the temporary files.
 */
export function trainingFolderOfEnvironment(): string {
  const folder = process.env['COMPOUND_SEARCH_TRAINING_FOLDER'];
  if (folder !== undefined && folder !== '') return path.resolve(folder);
  return path.join(os.tmpdir(), `compound-search-trainings-${os.userInfo().username}`);
}

/** What this process's environment says about the kernels that TensorFlow runs, as text: a training child has it all. */
export function kernelSettingsOfEnvironment(): string {
  return formatKernelSettings(process.env);
}

/** Whose kernels normalize batches, as the environment of a training child says. */
export function batchNormalizationOfEnvironment(
  variables: NodeJS.ProcessEnv = process.env,
): NonNullable<KernelSettings['COMPOUND_SEARCH_BATCH_NORMALIZATION']> {
  return parseEnvironment(kernelSettingsSchema, variables).COMPOUND_SEARCH_BATCH_NORMALIZATION ?? 'onednn';
}

/** Whether the processor has the instructions that oneDNN calls AVX-512; unknown on other systems than Linux, where it has no say. */
function hasAvx512(): boolean {
  if (process.platform !== 'linux') return false;
  const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ') ?? [];
  return ['avx512f', 'avx512bw', 'avx512vl', 'avx512dq'].every((flag) => flags.includes(flag));
}

/**
 * The environment of a training child. It must be complete before TensorFlow loads, which is why it is made here.
 *
 * One thread per trial: two trials of one thread each do 1.5 times the work of one trial on two threads, and the result
 * then does not depend on how sums are divided among threads.
 */
export function trainingEnvironment(
  device: Device,
  { trainingFolder, gpu }: { readonly trainingFolder?: string; readonly gpu?: string } = {},
): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...(trainingFolder === undefined ? {} : { COMPOUND_SEARCH_TRAINING_FOLDER: trainingFolder }),
    ...kernelSettings(process.env, { architecture: process.arch, hasAvx512: hasAvx512() }),
    TF_NUM_INTRAOP_THREADS: '1',
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: '1',
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    TF_DETERMINISTIC_OPS: '1',
    ...visibleGpus(device, gpu),
  };
}

/** None for a training on the CPU, so that it takes no memory of a GPU either. */
function visibleGpus(device: Device, gpu: string | undefined): NodeJS.ProcessEnv {
  if (device === 'cpu') return { CUDA_VISIBLE_DEVICES: '-1' };
  return gpu === undefined ? {} : { CUDA_VISIBLE_DEVICES: gpu };
}
