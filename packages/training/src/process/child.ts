/**
 * The training child: takes a specification, reports through its IPC channel, and takes the next one. It ends when its
 * parent says so or has gone, so that no orphan keeps a core busy.
 */
import {
  CompoundSearchError,
  trainingCommandSchema,
  type TrainingEvent,
  type TrainingMessage,
} from '@compound-search/contracts';

import { trainTrial } from '../trial/train-trial.ts';
import {
  batchNormalizationOfEnvironment,
  dataRootOfEnvironment,
  residentBytesOfEnvironment,
  trainingFolderOfEnvironment,
} from './env.ts';
import { failureOf } from './failure.ts';

/** Of the training under way. */
let cancellation = new AbortController();

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  void obey(message);
});

/** Takes a command of the parent, which gives the next trial only once it was told that this process is idle. */
async function obey(message: unknown): Promise<void> {
  const command = trainingCommandSchema.safeParse(message);
  if (command.data?.type === 'cancel') {
    cancellation.abort();
    return;
  }
  if (command.data?.type === 'end') {
    process.disconnect();
    return;
  }
  cancellation = new AbortController();
  await report(await endOf(command, cancellation.signal));
  // Arrays of the trial that nothing refers to any more would add to those of the next one.
  globalThis.gc?.();
  await report({ type: 'idle', residentBytes: process.memoryUsage.rss() });
}

/** Trains; whatever goes wrong, with the command too, is reported as the trial's failure. */
async function endOf(
  command: ReturnType<typeof trainingCommandSchema.safeParse>,
  signal: AbortSignal,
): Promise<TrainingEvent> {
  try {
    if (!command.success) throw new CompoundSearchError('INTERNAL', `The trial is not valid: ${command.error.message}`);
    if (command.data.type !== 'train') throw new Error('Only a training can be started');
    return await trainTrial(command.data.specification, {
      report,
      signal,
      dataRoot: dataRootOfEnvironment(),
      trainingFolder: trainingFolderOfEnvironment(),
      residentBytes: residentBytesOfEnvironment(),
      batchNormalization: batchNormalizationOfEnvironment(),
    });
  } catch (error) {
    return { type: 'failed', failure: failureOf(error) };
  }
}

/** Waits until the message has left, so that the last one is not lost with the process. */
function report(message: TrainingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) {
      reject(new Error('A training child needs an IPC channel to its parent'));
      return;
    }
    process.send(message, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });
}
