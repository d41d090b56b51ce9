import { createHash } from 'node:crypto';
import path from 'node:path';

import type { Engine, TrainingEvent, TrialSpecification } from '@compound-search/contracts';

import type { BatchNormalizationKernels } from '../lowering/lower-network.ts';
import { loadAddon, type TFJSBinding } from '../tensorflow/addon.ts';
import { describeEngine } from '../tensorflow/engine.ts';
import { checkpointFolder, Checkpoints } from './checkpoints.ts';
import { isFileFault } from './file-fault.ts';
import { graphsFolder, noteGraphUser } from './graph-users.ts';
import { prepareData } from './prepared-data.ts';
import { prepareNetwork } from './prepared-network.ts';
import { programHash } from './program-hash.ts';
import { encodeServingModel } from './serving-model.ts';
import { Trainer, type TrainerRequest } from './trainer.ts';
import { CancelledError, Training } from './training.ts';
import { warningOf } from './warning.ts';

/** The edges of a training. */
export interface TrialContext {
  readonly report: (event: TrainingEvent) => Promise<void>;
  /** Cancels the training between two steps. */
  readonly signal: AbortSignal;
  /** Folder of the data sets in files. */
  readonly dataRoot: string;
  /** Folder of the checkpoints and graphs that trainings leave to later ones. */
  readonly trainingFolder: string;
  /** Bytes of images up to which they are variables of the graph. @defaultValue 1 GiB */
  readonly residentBytes?: number | undefined;
  /** Whose kernels normalize batches. @defaultValue oneDNN's, where TensorFlow uses it */
  readonly batchNormalization?: BatchNormalizationKernels | undefined;
  /** Between two checkpoints at most, in seconds. @defaultValue 60 */
  readonly checkpointSeconds?: number | undefined;
}

type LastEvent = Extract<TrainingEvent, { type: 'completed' | 'paused' | 'cancelled' }>;

/**
 * Trains one trial from its specification to its result, or to the epoch after which it is to pause, reporting on the
 * way. A trial that was interrupted goes on
 * from its furthest checkpoint in `trainingFolder`, and ends with the same bits.
 *
 * @throws CompoundSearchError where the trial cannot be trained; StoppedTrainingError where it is no use to go on.
 */
export async function trainTrial(specification: TrialSpecification, context: TrialContext): Promise<LastEvent> {
  const { report, signal, trainingFolder } = context;
  const addon = loadAddon();
  const data = await prepareData(specification, context.dataRoot);
  const networks = prepareNetwork(specification, data);
  const identity = { program: await programHash(), datasetHash: data.contentHash };
  const engine = describeEngine(addon, specification.device, identity);
  const { recipe } = specification;
  const trainer = await createTrainer(
    addon,
    {
      ...networks,
      recipe,
      data,
      residentBytes: context.residentBytes,
      batchNormalization: context.batchNormalization,
    },
    context,
  );
  try {
    await noteUse(trainer, specification, trainingFolder);
    trainer.initialize(specification.seed);
    const checkpoints = new Checkpoints({
      folder: checkpointFolder(trainingFolder, specification.trialId),
      attempt: specification.attempt,
      identity: identityOf(specification, engine, trainer),
    });
    const { checkpointSeconds } = context;
    const training = new Training({ specification, data, trainer, checkpoints, report, signal, checkpointSeconds });
    const resumedFrom = await training.resume();
    await report({ type: 'started', engine, steps: trainer.length.steps, resumedFrom });
    await training.reportEpochs();
    const result = await training.run();
    if (result === null) return { type: 'paused', epoch: training.epochs };
    if (specification.purpose !== 'model') return { type: 'completed', result };
    const model = { network: networks.network, image: data.image, variables: trainer.evaluatedVariables() };
    return { type: 'completed', result, savedModel: encodeServingModel(model) };
  } catch (error) {
    if (error instanceof CancelledError) return { type: 'cancelled' };
    throw error;
  } finally {
    await trainer.close();
  }
}

/** Of a graph that is not kept there is nothing to note. */
async function noteUse({ graphKey }: Trainer, { trialId }: TrialSpecification, trainingFolder: string): Promise<void> {
  try {
    await noteGraphUser(path.join(graphsFolder(trainingFolder), graphKey), trialId);
  } catch (error) {
    if (!isFileFault(error)) throw error;
  }
}

/** A graph that cannot be kept for other trials is built for this one alone. */
async function createTrainer(
  addon: TFJSBinding,
  request: TrainerRequest,
  { trainingFolder, report }: TrialContext,
): Promise<Trainer> {
  try {
    return await Trainer.create(addon, { ...request, graphFolder: graphsFolder(trainingFolder) });
  } catch (error) {
    if (!isFileFault(error)) throw error;
    await report(warningOf('The graph cannot be kept for other trials', error));
    return Trainer.create(addon, request);
  }
}

/** One hash over all that decides the bits of a training: a checkpoint of any other one is of no use to it. */
function identityOf(specification: TrialSpecification, engine: Engine, trainer: Trainer): string {
  // Neither the number of the attempt nor where it pauses decides a bit: what is undefined is left out.
  const decisive = [{ ...specification, attempt: 0, epochs: undefined }, engine.fingerprint, trainer.graphKey];
  return createHash('sha256').update(JSON.stringify(decisive)).digest('hex');
}
