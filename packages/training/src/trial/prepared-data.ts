import { CompoundSearchError, type TrialPurpose, type TrialSpecification } from '@compound-search/contracts';
import { type Dataset, loadDataset, stratifiedSplit } from '@compound-search/datasets';

/** The images of one trial in one block, and which of them train, rank and test. */
export interface PreparedData {
  readonly image: Dataset['image'];
  readonly classes: number;
  readonly contentHash: string;
  readonly count: number;
  /** uint8 [count, height, width, channels], in memory that threads can share */
  readonly images: Uint8Array;
  /** int32 [count] */
  readonly labels: Int32Array;
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** Empty unless the trial tests the winner or makes a model: a ranking trial cannot even see the test images. */
  readonly test: Int32Array;
}

/**
 * Loads a data set, from below `dataRoot` where it lies in files, and copies the images that a trial uses.
 *
 * @throws CompoundSearchError UNKNOWN_DATASET, DATASET_INVALID, DATASET_CHANGED, SPLIT_INVALID
 */
export async function prepareData(specification: TrialSpecification, dataRoot: string): Promise<PreparedData> {
  const { dataset, split, purpose, recipe } = specification;
  const { train, validation, test, image, classes, contentHash } = await loadDataset(dataset, { dataRoot });
  requireSameContent(specification, contentHash);
  const chosen = stratifiedSplit({ labels: train.labels, validationLabels: validation?.labels, classes, ...split });
  if (chosen.train.length < recipe.batchSize) {
    throw new CompoundSearchError('SPLIT_INVALID', `${chosen.train.length} training images do not fill one batch`, {
      field: 'recipe.batchSize',
      value: recipe.batchSize,
      remedy: 'Use a smaller batch or more training images.',
    });
  }
  const parts = [
    { source: train, indices: chosen.train },
    { source: validation ?? train, indices: chosen.validation },
    {
      source: test,
      indices: testing.has(purpose) ? Int32Array.from({ length: test.count }, (_, index) => index) : none,
    },
  ];
  const count = parts.reduce((sum, { indices }) => sum + indices.length, 0);
  const size = image.height * image.width * image.channels;
  const images = new Uint8Array(new SharedArrayBuffer(count * size));
  const labels = new Int32Array(count);
  let position = 0;
  const positions = parts.map(({ source, indices }) =>
    indices.map((index) => {
      images.set(source.images.subarray(index * size, (index + 1) * size), position * size);
      labels[position] = source.labels[index] ?? 0;
      return position++;
    }),
  );
  const [trainAt = none, validationAt = none, testAt = none] = positions;
  return { image, classes, contentHash, count, images, labels, train: trainAt, validation: validationAt, test: testAt };
}

const none = new Int32Array(0);
const testing: ReadonlySet<TrialPurpose> = new Set(['test', 'model']);

/** Trials on other images cannot be compared: what is ranked are networks, and not versions of the data. */
function requireSameContent({ dataset, datasetHash }: TrialSpecification, found: string): void {
  if (datasetHash == null || datasetHash === found) return;
  throw new CompoundSearchError(
    'DATASET_CHANGED',
    `The data set ${dataset} has changed since the search was posted: its content was ${datasetHash} and is ${found}`,
    {
      field: 'dataset',
      value: dataset,
      remedy: 'Restore its files on the machine of this worker, or post the search again for the data as they are now.',
    },
  );
}
