import { createHash } from 'node:crypto';
import os from 'node:os';

import { CompoundSearchError, type Device, type Engine } from '@compound-search/contracts';

import { kernelSettingsOfEnvironment } from '../process/env.ts';
import type { TFJSBinding } from './addon.ts';

/** Threads of a trial: with one, sums are always added in the same order, so that a trial repeats to the bit. */
const threads = 1;

/**
 * What this process trains on.
 *
 * @throws CompoundSearchError DEVICE_UNAVAILABLE where a GPU was asked for and TensorFlow would silently use the CPU
 * (tensorflow/tfjs 8269).
 */
export function describeEngine(
  addon: TFJSBinding,
  device: Device,
  { program, datasetHash }: Pick<Engine, 'program' | 'datasetHash'>,
): Engine {
  const gpu = addon.isUsingGpuDevice();
  if (device === 'gpu' && !gpu) {
    throw new CompoundSearchError('DEVICE_UNAVAILABLE', 'The search asks for a GPU, but TensorFlow finds none', {
      field: 'device',
      value: device,
      remedy:
        'Set up the CUDA build with "npm run setup -- --gpu" on a machine with an NVIDIA GPU, or use device "cpu".',
    });
  }
  const engine = {
    tensorflow: addon.TF_Version,
    device: gpu ? 'gpu' : 'cpu',
    platform: `${process.platform}-${process.arch} ${os.cpus()[0]?.model ?? 'unknown processor'}`,
    threads,
    settings: kernelSettingsOfEnvironment(),
    program,
    datasetHash,
  };
  return { ...engine, fingerprint: createHash('sha256').update(JSON.stringify(engine)).digest('hex') };
}
