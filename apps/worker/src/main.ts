/** The worker as a process: `node --import tsx apps/worker/src/main.ts`, set up by its environment (env.ts). */
import { startTraining } from '@compound-search/training';
import { pino } from 'pino';

import { type Environment, readEnvironment } from './env.ts';
import { runWorkerProcess } from './worker-process.ts';

const readOrExit = (): Environment => {
  try {
    return readEnvironment();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
};

const environment = readOrExit();
await runWorkerProcess({
  environment,
  startTraining,
  logger: pino({ name: 'worker', level: environment.LOG_LEVEL }),
});
