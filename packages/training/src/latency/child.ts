/** The latency child: takes a network and a number of runs through its IPC channel, reports once, and ends. */
import os from 'node:os';

import { CompoundSearchError, type Latency } from '@compound-search/contracts';

import { kernelSettingsOfEnvironment } from '../process/env.ts';
import { failureOf } from '../process/failure.ts';
import { loadAddon } from '../tensorflow/addon.ts';
import { loadInference } from './inference.ts';
import { type LatencyAnswer, latencyCommandSchema } from './messages.ts';
import { quartiles } from './quartiles.ts';

process.on('disconnect', () => process.exit(0));
process.once('message', (message) => {
  void answer(message).then((result) => {
    process.send?.(result, undefined, undefined, () => {
      process.disconnect();
    });
  });
});

async function answer(message: unknown): Promise<LatencyAnswer> {
  try {
    return { latency: await measure(message) };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

async function measure(message: unknown): Promise<Latency> {
  const command = latencyCommandSchema.safeParse(message);
  if (!command.success)
    throw new CompoundSearchError('INTERNAL', `The measurement is not valid: ${command.error.message}`);
  const { network, runs, warmUp } = command.data;
  const addon = loadAddon();
  const inference = await loadInference(addon, network);
  for (let run = 0; run < warmUp; run += 1) inference.run();
  const milliseconds = Array.from({ length: runs }, () => {
    const start = process.hrtime.bigint();
    inference.run();
    return Number(process.hrtime.bigint() - start) / 1e6;
  });
  inference.close();
  return {
    ...quartiles(milliseconds),
    runs,
    warmUp,
    platform: `${process.platform}-${process.arch} ${os.cpus()[0]?.model ?? 'unknown processor'}`,
    tensorflow: addon.TF_Version,
    settings: kernelSettingsOfEnvironment(),
  };
}
