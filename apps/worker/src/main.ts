/** The worker as a process: `node --import tsx apps/worker/src/main.ts`, set up by its environment (env.ts). */
import { createLogger } from '@compound-search/logging';
import {
  listCheckpoints,
  listGraphUsers,
  removeCheckpoints,
  removeGraphsOf,
  removeOldCheckpoints,
} from '@compound-search/training';

import { configureTrainings } from './configure-trainings.ts';
import { type Environment, readEnvironment } from './env.ts';
import { runWorkerProcess } from './worker-process.ts';

function readOrExit(): Environment {
  try {
    return readEnvironment();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

const environment = readOrExit();
const { COMPOUND_SEARCH_TRAINING_FOLDER: trainingFolder } = environment;
await removeOldCheckpoints(trainingFolder);
await runWorkerProcess({
  environment,
  startTraining: configureTrainings(environment),
  leftFiles: {
    listCheckpoints: () => listCheckpoints(trainingFolder),
    removeCheckpoints: (trialId) => removeCheckpoints(trialId, trainingFolder),
    listGraphUsers: () => listGraphUsers(trainingFolder),
    removeGraphsOf: (trialIds) => removeGraphsOf(trialIds, trainingFolder),
  },
  logger: createLogger({ name: 'worker', level: environment.LOG_LEVEL }),
});
