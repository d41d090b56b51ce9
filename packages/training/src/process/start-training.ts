import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import {
  type TrainingCommand,
  type TrainingEvent,
  trainingEventSchema,
  type TrialSpecification,
} from '@compound-search/contracts';

import { trainingEnvironment } from './env.ts';
import { failureOfDead } from './failure.ts';

/** The last event of a training. */
export type TrainingEnd = Extract<TrainingEvent, { type: 'completed' | 'failed' | 'cancelled' }>;

/** The surroundings of a training. */
export interface TrainingOptions {
  readonly onEvent: (event: TrainingEvent) => void;
  /** Folder of the checkpoints and graphs that trainings leave to later ones. @defaultValue as the environment says */
  readonly trainingFolder?: string;
  /** The one GPU that the training sees, by its number. @defaultValue every GPU of the machine */
  readonly gpu?: string;
}

/** A training that runs in a child process of its own. */
export interface RunningTraining {
  readonly pid: number | undefined;
  /** Resolves once the child has exited; never rejects. A child that died without a last event gives `TRIAL_LOST` or `TRIAL_OUT_OF_MEMORY`. */
  readonly ended: Promise<TrainingEnd>;
  /** Asks the child to stop between two steps. */
  cancel(): void;
  /** Ends the child at once. */
  kill(): void;
}

/**
 * Trains one trial in a fresh child process: TensorFlow's run call blocks its thread, its addon leaks native memory over
 * many models, and its environment must be set before it loads (tensorflow/tfjs 2079, 8238, 8388).
 */
export function startTraining(
  specification: TrialSpecification,
  { onEvent, ...surroundings }: TrainingOptions,
): RunningTraining {
  const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), {
    execArgv: ['--import', import.meta.resolve('tsx')],
    env: trainingEnvironment(specification.device, surroundings),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // A model comes as bytes, which JSON would write as a list of numbers.
    serialization: 'advanced',
  });
  const standardError = tailOf(child);
  const ended = new Promise<TrainingEnd>((resolve) => {
    let end: TrainingEnd | undefined;
    let settled = false;
    const settle = (fallback: string): void => {
      if (settled) return;
      settled = true;
      resolve(end ?? { type: 'failed', failure: failureOfDead(fallback, standardError()) });
    };
    child.on('message', (message) => {
      const event = trainingEventSchema.safeParse(message);
      if (!event.success) {
        end ??= protocolFault(event.error.message);
        child.kill('SIGKILL');
        return;
      }
      if (isEnd(event.data)) end = event.data;
      onEvent(event.data);
    });
    child.on('error', (error) => settle(`could not be started: ${error.message}`));
    child.on('close', (code, signal) =>
      settle(signal === null ? `exited with code ${code}` : `was ended by ${signal}`),
    );
  });
  send(child, { type: 'train', specification });
  return {
    pid: child.pid,
    ended,
    cancel: () => send(child, { type: 'cancel' }),
    kill: () => child.kill('SIGKILL'),
  };
}

function isEnd(event: TrainingEvent): event is TrainingEnd {
  return event.type === 'completed' || event.type === 'failed' || event.type === 'cancelled';
}

function protocolFault(detail: string): TrainingEnd {
  const message = `The training process sent a message that the protocol does not know: ${detail}`;
  return { type: 'failed', failure: { code: 'INTERNAL', message, step: null } };
}

/** A child that has gone needs no command: its end is reported by its exit. */
function send(child: ChildProcess, command: TrainingCommand): void {
  if (child.connected) child.send(command, () => undefined);
}

/** Keeps the end of what the child says on standard error, which explains a crash. */
function tailOf(child: ChildProcess): () => string {
  const limit = 2000;
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    tail = (tail + chunk).slice(-limit);
  });
  return () => tail.trim();
}
