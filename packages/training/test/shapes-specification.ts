import { randomUUID } from 'node:crypto';

import { recipeSchema, type TrialSpecification } from '@compound-search/contracts';
import { datasets } from '@compound-search/datasets';
import { buildNetwork, candidateArchitecture, findBaseline, fingerprint } from '@compound-search/networks';

type Changes = Partial<Omit<TrialSpecification, 'recipe'>> & {
  readonly recipe?: Partial<TrialSpecification['recipe']>;
};

/** What makes a training have all that a checkpoint must hold: averages, dropout and augmentation beside the slots. */
export const restlessRecipe = {
  weightAverageDecay: 0.9,
  dropout: 0.2,
  augmentation: { horizontalFlip: true, cropPadding: 2, mixup: 0.2 },
} as const;

/** A trial of the micro baseline on the drawn shapes that takes a second or two. */
export function shapesSpecification({ recipe: recipeChanges, ...changes }: Changes = {}): TrialSpecification {
  const recipe = { ...recipeSchema.parse({ epochs: 2 }), ...recipeChanges };
  const multipliers = changes.multipliers ?? { depth: 1, width: 1, resolution: 1 };
  const shapes = datasets.find(({ name }) => name === 'shapes');
  if (shapes === undefined) throw new Error('There is no data set of drawn shapes');
  const { image, classes } = shapes;
  const baseline = findBaseline('efficientnet-micro');
  const network = buildNetwork(
    candidateArchitecture({ baseline, multipliers, channels: image.channels, classes, recipe }),
  );
  return {
    trialId: randomUUID(),
    attempt: 1,
    purpose: 'ranking',
    baseline,
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
