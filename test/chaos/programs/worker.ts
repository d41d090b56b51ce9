/** The worker as it is, but for the program that its training processes run (stand-in-child.ts). */
import { createLogger } from '@compound-search/logging';
import {
  createWarmProcesses,
  listCheckpoints,
  listGraphUsers,
  removeCheckpoints,
  removeGraphsOf,
} from '@compound-search/training';

import { readEnvironment } from '../../../apps/worker/src/env.ts';
import { runWorkerProcess } from '../../../apps/worker/src/worker-process.ts';

const environment = readEnvironment();
const { COMPOUND_SEARCH_TRAINING_FOLDER: trainingFolder = '' } = environment;
const { start } = createWarmProcesses({ trainingFolder, program: new URL('./stand-in-child.ts', import.meta.url) });
await runWorkerProcess({
  environment,
  startTraining: start,
  leftFiles: {
    listCheckpoints: () => listCheckpoints(trainingFolder),
    removeCheckpoints: (trialId) => removeCheckpoints(trialId, trainingFolder),
    listGraphUsers: () => listGraphUsers(trainingFolder),
    removeGraphsOf: (trialIds) => removeGraphsOf(trialIds, trainingFolder),
  },
  logger: createLogger({ name: 'worker', level: environment.LOG_LEVEL }),
});
