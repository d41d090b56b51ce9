/** The training child: trains with TensorFlow what its parent gives it. */
import { trainTrial } from '../trial/train-trial.ts';
import {
  batchNormalizationOfEnvironment,
  dataRootOfEnvironment,
  residentBytesOfEnvironment,
  trainingFolderOfEnvironment,
} from './env.ts';
import { serveTrainings } from './serve-trainings.ts';

serveTrainings((specification, surroundings) =>
  trainTrial(specification, {
    ...surroundings,
    dataRoot: dataRootOfEnvironment(),
    trainingFolder: trainingFolderOfEnvironment(),
    residentBytes: residentBytesOfEnvironment(),
    batchNormalization: batchNormalizationOfEnvironment(),
  }),
);
