import {
  CompoundSearchError,
  trainingCommandSchema,
  type TrainingEvent,
  type TrainingMessage,
  type TrialSpecification,
} from '@compound-search/contracts';

import { failureOf } from './failure.ts';
import type { TrainingEnd } from './training-process.ts';

/** What a training is given by the process that it runs in. */
export interface TrainingSurroundings {
  readonly report: (event: TrainingEvent) => Promise<void>;
  /** Cancels the training between two steps. */
  readonly signal: AbortSignal;
}

/** Trains one trial to its last event. */
export type Train = (specification: TrialSpecification, surroundings: TrainingSurroundings) => Promise<TrainingEnd>;

/**
 * Makes this process a training child: it takes a specification, reports through its IPC channel, and takes the next one.
 * It ends when its parent says so or has gone, so that no orphan keeps a core busy.
 */
export function serveTrainings(train: Train): void {
  /** Of the training under way. */
  let cancellation = new AbortController();

  /** Takes a command of the parent, which gives the next trial only once it was told that this process is idle. */
  const obey = async (message: unknown): Promise<void> => {
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
    await report(await endOf(train, command, cancellation.signal));
    // Arrays of the trial that nothing refers to any more would add to those of the next one.
    globalThis.gc?.();
    await report({ type: 'idle', residentBytes: process.memoryUsage.rss() });
  };

  process.on('disconnect', () => process.exit(0));
  process.on('message', (message) => {
    void obey(message);
  });
}

/** Trains; whatever goes wrong, with the command too, is reported as the trial's failure. */
async function endOf(
  train: Train,
  command: ReturnType<typeof trainingCommandSchema.safeParse>,
  signal: AbortSignal,
): Promise<TrainingEvent> {
  try {
    if (!command.success) throw new CompoundSearchError('INTERNAL', `The trial is not valid: ${command.error.message}`);
    if (command.data.type !== 'train') throw new Error('Only a training can be started');
    return await train(command.data.specification, { report, signal });
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
