import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { CompoundSearchError, type Latency } from '@compound-search/contracts';

import { trainingEnvironment } from '../process/env.ts';
import { latencyAnswerSchema, type LatencyCommand } from './messages.ts';

/**
 * Measures inference on one image and one core, in a process of its own: TensorFlow reads the number of its threads when it
 * loads. The network has the weights of a training's start; the time holds the copy of the image into TensorFlow too.
 *
 * @throws CompoundSearchError as the child failed, TRIAL_LOST where it died.
 */
export function measureLatency(command: LatencyCommand): Promise<Latency> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), {
      execArgv: ['--import', import.meta.resolve('tsx')],
      env: trainingEnvironment('cpu'),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.once('message', (message) => {
      const answer = latencyAnswerSchema.parse(message);
      if ('latency' in answer) resolve(answer.latency);
      else reject(new CompoundSearchError(answer.failure.code, answer.failure.message));
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
      reject(new CompoundSearchError('TRIAL_LOST', `The process that measures ${how}`));
    });
    child.send(command);
  });
}
