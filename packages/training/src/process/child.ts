/**
 * The training child: takes one specification, reports through its IPC channel, and exits. It ends by itself when its
 * parent has gone, so that no orphan keeps a core busy.
 */
import {
  CompoundSearchError,
  trainingCommandSchema,
  type TrainingEvent,
  type TrialFailure,
} from '@compound-search/contracts';

import { DivergedError, trainTrial } from '../trial/train-trial.ts';

const cancellation = new AbortController();

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  const command = trainingCommandSchema.parse(message);
  if (command.type === 'cancel') {
    cancellation.abort();
    return;
  }
  trainTrial(command.specification, { report, signal: cancellation.signal })
    .then((end) => report(end))
    .catch((error: unknown) => report({ type: 'failed', failure: failureOf(error) }))
    .finally(() => process.disconnect());
});

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

function failureOf(error: unknown): TrialFailure {
  if (error instanceof DivergedError) return { code: error.code, message: error.message, step: error.step };
  if (error instanceof CompoundSearchError) return { code: error.code, message: error.message, step: null };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'TRIAL_FAILED', message, step: null };
}
