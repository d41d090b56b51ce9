import { recipeSchema, type TrialSpecification } from '@compound-search/contracts';
import { findDataset } from '@compound-search/datasets';
import { buildNetwork, candidateArchitecture, fingerprint } from '@compound-search/networks';

type Changes = Partial<Omit<TrialSpecification, 'recipe'>> & {
  readonly recipe?: Partial<TrialSpecification['recipe']>;
};

/** A trial of the micro baseline on the drawn shapes that takes a second or two. */
export function shapesSpecification({ recipe: recipeChanges, ...changes }: Changes = {}): TrialSpecification {
  const recipe = { ...recipeSchema.parse({ epochs: 2, batchNormalizationMomentum: 0.9 }), ...recipeChanges };
  const multipliers = changes.multipliers ?? { depth: 1, width: 1, resolution: 1 };
  const { image, classes } = findDataset('shapes');
  const network = buildNetwork(
    candidateArchitecture({ baseline: 'efficientnet-micro', multipliers, channels: image.channels, classes, recipe }),
  );
  return {
    trialId: 'trial',
    attempt: 1,
    purpose: 'ranking',
    baseline: 'efficientnet-micro',
    multipliers,
    fingerprint: fingerprint(network),
    dataset: 'shapes',
    split: { trainImages: 640, validationImages: 300, seed: 0 },
    recipe,
    seed: 1,
    device: 'cpu',
    ...changes,
  };
}
