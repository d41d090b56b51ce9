import { CompoundSearchError, type Plan, type SearchRequest } from '@compound-search/contracts';
import { type DatasetDescription, findDataset } from '@compound-search/datasets';
import { planSearch } from '@compound-search/grid';
import { findBaseline, type NetworkDescription } from '@compound-search/networks';

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
 * Checks all that a schema cannot, and computes what the search comes to.
 *
 * @throws CompoundSearchError UNKNOWN_DATASET, UNKNOWN_BASELINE, SPLIT_INVALID, VALIDATION_FAILED for a batch larger
 * than the training set, NETWORK_INVALID for a baseline that the images do not fit, and what planning throws.
 */
export const planRequest = (request: SearchRequest, limits: PlanLimits): Plan => {
  const dataset = findDataset(request.dataset);
  const baseline = findBaseline(request.baseline);
  requireImages(baseline);
  requireSplit(request, dataset);
  requireBatch(request);
  const { dropout, stochasticDepth, batchNormalizationMomentum } = request.recipe;
  return planSearch({
    grid: request.grid,
    constraint: request.constraint,
    baseline,
    image: dataset.image,
    // As candidateArchitecture has it: the trainer refuses a network that is not the one that was planned.
    scaling: {
      input: { channels: dataset.image.channels },
      classes: dataset.classes,
      dropoutRate: dropout,
      stochasticDepthRate: stochasticDepth,
      normalizationMomentum: batchNormalizationMomentum,
    },
    limits: { ...limits, maximumFeasiblePoints },
  });
};

/** Networks over frames can be costed, but there are no videos to train them on. */
const requireImages = ({ name, input }: NetworkDescription): void => {
  if (input.spatial.length === 2) return;
  throw new CompoundSearchError('NETWORK_INVALID', `The baseline ${name} reads frames of a video, not images`, {
    field: 'baseline',
    value: name,
    remedy: 'Use a baseline for images; GET /v1/baselines lists them.',
  });
};

const requireSplit = ({ split }: SearchRequest, { classes, name, trainingImages }: DatasetDescription): void => {
  for (const field of ['trainImages', 'validationImages'] as const) {
    if (split[field] >= classes) continue;
    throw new CompoundSearchError('SPLIT_INVALID', `split.${field} is ${split[field]}, fewer than one image a class`, {
      field: `split.${field}`,
      value: split[field],
      remedy: `Ask for at least ${classes} images, one for each class of ${name}.`,
    });
  }
  const asked = split.trainImages + split.validationImages;
  if (asked <= trainingImages) return;
  throw new CompoundSearchError('SPLIT_INVALID', `${asked} images are asked for; ${name} has ${trainingImages}`, {
    field: 'split.trainImages',
    value: split.trainImages,
    remedy: `Lower trainImages or validationImages until their sum is at most ${trainingImages}.`,
  });
};

const requireBatch = ({ recipe, split }: SearchRequest): void => {
  if (recipe.batchSize <= split.trainImages) return;
  throw new CompoundSearchError('VALIDATION_FAILED', 'recipe.batchSize is larger than the training set', {
    field: 'recipe.batchSize',
    value: recipe.batchSize,
    remedy: `Give at most split.trainImages, ${split.trainImages}.`,
  });
};
