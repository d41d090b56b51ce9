import { CompoundSearchError, type SearchRequest } from '@compound-search/contracts';
import { type GridPlan, planSteps } from '@compound-search/grid';
import { candidateScaling, type NetworkDescription } from '@compound-search/networks';

import { inTurns } from './in-turns.ts';
import { requestData } from './request-data.ts';
import { requireRungs } from './require-rungs.ts';
import { trainingSetup } from './training-setup.ts';

/** How large a search may be. */
export interface PlanLimits {
  /** Distinct networks to train. */
  readonly maximumCandidates: number;
}

/**
 * Points that meet the constraint, each of which is scaled, stored and shown. The finest grid that makes sense, a step of
 * 0.01 at a tolerance of 0.2, has 20,337 and takes a fraction of a second; requests of others wait for that long.
 */
const maximumFeasiblePoints = 25_000;

/**
 * Checks all that a schema cannot, and computes what the search comes to. `baseline` is the description that the
 * request's baseline stands for, `dataRoot` the folder of the data sets in files.
 *
 * @throws CompoundSearchError UNKNOWN_DATASET, DATASET_INVALID, SPLIT_INVALID, VALIDATION_FAILED for a batch larger
 * than the training set or rungs of unequal epochs, NETWORK_INVALID for a baseline that the images do not fit, and what planning throws.
 */
export async function planRequest(
  request: SearchRequest,
  baseline: NetworkDescription,
  limits: PlanLimits,
  dataRoot?: string,
): Promise<GridPlan> {
  const { image, classes, notes } = await requestData(request, dataRoot);
  requireImages(baseline);
  if (request.trainings === 'workers') requireEqualStrides(baseline);
  requireBatch(request);
  requireRungs(request);
  const steps = planSteps({
    grid: request.grid,
    points: request.points,
    constraint: request.constraint,
    baseline,
    image,
    scaling: candidateScaling({ classes, channels: image.channels, recipe: request.recipe }),
    training: trainingSetup(request.recipe),
    limits: { ...limits, maximumFeasiblePoints },
  });
  const plan = await inTurns(steps);
  return { ...plan, notes: [...plan.notes, ...notes] };
}

/** Networks over frames can be costed, but there are no videos to train them on. */
function requireImages({ name, input }: NetworkDescription): void {
  if (input.spatial.length === 2) return;
  throw new CompoundSearchError('NETWORK_INVALID', `The baseline ${name} reads frames of a video, not images`, {
    field: 'baseline',
    value: name,
    remedy: 'Use a baseline for images; GET /v1/baselines lists them.',
  });
}

/** TensorFlow has no depthwise convolution with other strides, so such a network can be costed but not trained. */
function requireEqualStrides({ stages }: NetworkDescription): void {
  const index = stages.findIndex(
    ({ block, stride }) =>
      (block === 'depthwise-separable' || block === 'inverted-residual') &&
      typeof stride === 'object' &&
      new Set(stride).size > 1,
  );
  const stage = stages[index];
  if (stage === undefined) return;
  throw new CompoundSearchError('NETWORK_INVALID', 'A depthwise convolution with unequal strides cannot be trained', {
    field: `baseline.stages.${index}.stride`,
    value: stage.stride,
    remedy: 'Stride equally along height and width, or use a block without a depthwise convolution.',
  });
}

function requireBatch({ recipe, split }: SearchRequest): void {
  if (recipe.batchSize <= split.trainImages) return;
  throw new CompoundSearchError('VALIDATION_FAILED', 'recipe.batchSize is larger than the training set', {
    field: 'recipe.batchSize',
    value: recipe.batchSize,
    remedy: `Give at most split.trainImages, ${split.trainImages}.`,
  });
}
