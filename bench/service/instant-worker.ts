/** The worker as a process, as it is but for its trainings, which take no time (instant-training.ts). */
import { createLogger } from '@compound-search/logging';

import { readEnvironment } from '../../apps/worker/src/env.ts';
import { runWorkerProcess } from '../../apps/worker/src/worker-process.ts';
import { instantTrainings, noFiles } from './instant-training.ts';

const environment = readEnvironment();
await runWorkerProcess({
  environment,
  startTraining: instantTrainings(),
  leftFiles: noFiles,
  logger: createLogger({ name: 'worker', level: environment.LOG_LEVEL }),
});
