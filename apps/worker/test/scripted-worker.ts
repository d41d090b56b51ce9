/** The worker as a process of its own, with the tests' trainings instead of TensorFlow. */
import { pino } from 'pino';

import { readEnvironment } from '../src/env.ts';
import { runWorkerProcess } from '../src/worker-process.ts';
import { noFiles } from './no-files.ts';
import { scriptedTrainings } from './scripted-training.ts';

const environment = readEnvironment();
await runWorkerProcess({
  environment,
  startTraining: scriptedTrainings().start,
  leftFiles: noFiles,
  logger: pino({ level: environment.LOG_LEVEL }),
});
