import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { trainingEventSchema, type TrialSpecification } from '@compound-search/contracts';
import type { RunningTraining, TrainingEnd } from '@compound-search/training';

import type { StartTraining } from '../src/run-trial.ts';

export interface ScriptedTrainings {
  readonly start: StartTraining;
  /** Every specification that a child was started with. */
  readonly specifications: TrialSpecification[];
  readonly running: Set<RunningTraining>;
}

const CHILD = fileURLToPath(new URL('./training-child.mjs', import.meta.url));

/** Starts real child processes that follow the script in their data set's name (training-child.mjs). */
export function scriptedTrainings(): ScriptedTrainings {
  const specifications: TrialSpecification[] = [];
  const running = new Set<RunningTraining>();
  const start: StartTraining = (specification, { onEvent }) => {
    specifications.push(specification);
    const child = fork(CHILD, { execArgv: [], serialization: 'advanced' });
    let end: TrainingEnd | undefined;
    child.on('message', (message) => {
      const event = trainingEventSchema.parse(message);
      const isEnd = event.type === 'completed' || event.type === 'paused';
      if (isEnd || event.type === 'failed' || event.type === 'cancelled') end = event;
      onEvent(event);
    });
    const lost: TrainingEnd = {
      type: 'failed',
      failure: { code: 'TRIAL_LOST', message: 'The child died', step: null },
    };
    const training: RunningTraining = {
      pid: child.pid,
      lastWords: '',
      ended: new Promise((resolve) => child.on('close', () => resolve(end ?? lost))),
      cancel: () => {
        if (child.connected) child.send({ type: 'cancel' }, () => undefined);
      },
      kill: () => child.kill('SIGKILL'),
    };
    child.send({ type: 'train', specification }, () => undefined);
    running.add(training);
    void training.ended.then(() => running.delete(training));
    return training;
  };
  return { start, specifications, running };
}
