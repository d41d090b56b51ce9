import { type ModelMetadata, modelMetadataSchema, type ModelView } from '@compound-search/contracts';
import type { ModelRecord } from '@compound-search/store';

/** Every model is measured on the test split, and a search makes as many models as are asked for. */
const testSplitNote =
  'testAccuracy is measured on the test split, which is kept for what nothing was chosen by: to choose among models, ' +
  'compare their validation accuracies.';

/** A model before its training begins. */
export function toUntrainedModel(
  model: Pick<ModelView, 'id' | 'searchId' | 'candidateId' | 'phi' | 'seed'>,
): ModelView {
  return { ...model, state: 'queued', step: 0, steps: null, failure: null, metadata: null, notes: [testSplitNote] };
}

/** A model as the API shows it; with all that is known of its file once that is there. */
export function toModelView(record: ModelRecord): ModelView {
  const { id, searchId, candidateId, seed, state, step, steps, failure } = record.trial;
  return {
    id,
    searchId,
    candidateId,
    phi: record.plan.phi,
    seed,
    state,
    step,
    steps,
    failure,
    metadata: toMetadata(record),
    notes: [testSplitNote],
  };
}

function toMetadata({ trial, plan, request, network, bytes }: ModelRecord): ModelMetadata | null {
  const { engine, result } = trial;
  if (engine === null || result === null) return null;
  const { image, ...planned } = plan;
  const { validationAccuracy, testAccuracy, weightsHash } = result;
  return modelMetadataSchema.parse({
    formatVersion: 1,
    modelId: trial.id,
    searchId: trial.searchId,
    candidateId: trial.candidateId,
    signature: {
      name: 'serving_default',
      input: { name: 'image', dtype: 'float32', shape: [null, image.height, image.width, image.channels] },
      output: { name: 'probabilities', dtype: 'float32', shape: [null, plan.classes.length] },
    },
    ...planned,
    baseline: network,
    dataset: request.dataset,
    datasetHash: engine.datasetHash,
    split: request.split,
    recipe: request.recipe,
    seed: trial.seed,
    engine,
    validationAccuracy,
    testAccuracy,
    weightsHash,
    bytes,
  });
}
