/**
 * The training child: takes one specification, reports through its IPC channel, and exits. It ends by itself when its
 * parent has gone, so that no orphan keeps a core busy.
 */
import { CompoundSearchError, trainingCommandSchema, type TrainingEvent } from '@compound-search/contracts';

import { trainTrial } from '../trial/train-trial.ts';
import { dataRootOfEnvironment, residentBytesOfEnvironment, trainingFolderOfEnvironment } from './env.ts';
import { failureOf } from './failure.ts';

const cancellation = new AbortController();

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  void obey(message);
});

/** Takes a command of the parent; whatever goes wrong with it is reported as the trial's failure. */
async function obey(message: unknown): Promise<void> {
  const command = trainingCommandSchema.safeParse(message);
  if (command.data?.type === 'cancel') {
    cancellation.abort();
    return;
  }
  try {
    if (!command.success) throw new CompoundSearchError('INTERNAL', `The trial is not valid: ${command.error.message}`);
    const context = {
      report,
      signal: cancellation.signal,
      dataRoot: dataRootOfEnvironment(),
      trainingFolder: trainingFolderOfEnvironment(),
      residentBytes: residentBytesOfEnvironment(),
    };
    await report(await trainTrial(command.data.specification, context));
  } catch (error) {
    await report({ type: 'failed', failure: failureOf(error) });
  }
  process.disconnect();
}

/** Waits until the message has left, so that the last one is not lost with the process. */
function report(event: TrainingEvent): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) {
      reject(new Error('A training child needs an IPC channel to its parent'));
      return;
    }
    process.send(event, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });
}
