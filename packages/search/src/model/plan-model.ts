import { type Candidate, CompoundSearchError, largestSavedModel, type ModelPlan } from '@compound-search/contracts';
import type { DatasetDescription } from '@compound-search/datasets';
import { representativePoint } from '@compound-search/grid';
import {
  candidateArchitecture,
  type NetworkTotals,
  parseNetworkDescription,
  summarizeNetwork,
} from '@compound-search/networks';
import { multipliers } from '@compound-search/scaling';
import type { SearchDefinition } from '@compound-search/store';

/** What is to become a model. */
export interface ModelPlanRequest {
  readonly definition: SearchDefinition;
  readonly candidate: Candidate;
  readonly phi: number;
  readonly dataset: DatasetDescription;
}

/** Weights are float32; what the file says beside them has stayed below two megabytes for any built-in network. */
const bytesPerWeight = 4;
const otherBytes = 4 * 1024 * 1024;

/**
 * Scales a search's baseline with a candidate's coefficients to any phi, as the search itself does to 1.
 *
 * @throws CompoundSearchError COEFFICIENT_INVALID where phi leaves the range of numbers, NETWORK_INVALID where the
 * network cannot be built or is larger than a model may be.
 */
export function planModel({ definition, candidate, phi, dataset }: ModelPlanRequest): ModelPlan {
  const { alpha, beta, gamma } = representativePoint(candidate.points, definition.request.constraint);
  const coefficients = { alpha, beta, gamma };
  const { image, classes } = dataset;
  const architecture = candidateArchitecture({
    baseline: parseNetworkDescription(definition.network),
    multipliers: multipliers(coefficients, phi),
    channels: image.channels,
    classes,
    recipe: definition.request.recipe,
  });
  const { totals, fingerprint } = summarizeNetwork(architecture);
  requireStorable(totals, phi);
  return {
    coefficients,
    phi,
    multipliers: { ...architecture.multipliers },
    fingerprint,
    resolution: [...architecture.resolution],
    repeats: [...architecture.repeats],
    channels: [...architecture.channels],
    parameters: totals.parameters,
    macs: totals.macs,
    image: { height: image.height, width: image.width, channels: image.channels },
    classes: classNames(dataset),
  };
}

function requireStorable({ parametersWithStatistics }: NetworkTotals, phi: number): void {
  const bytes = bytesPerWeight * parametersWithStatistics + otherBytes;
  if (bytes <= largestSavedModel) return;
  throw new CompoundSearchError(
    'NETWORK_INVALID',
    `The model would have about ${bytes} bytes; at most ${largestSavedModel} are stored`,
    { field: 'phi', value: phi, remedy: 'Give a smaller phi.' },
  );
}

function classNames({ classes, trainingClasses }: DatasetDescription): string[] {
  return trainingClasses?.map(({ name }) => name) ?? Array.from({ length: classes }, (_, index) => String(index));
}
