import type { SearchRequest } from '@compound-search/contracts';
import { datasetNotes, findDataset, type ImageShape, requireSplitSizes } from '@compound-search/datasets';

/** What planning goes by of the data of a request. */
export interface RequestData {
  readonly image: ImageShape;
  readonly classes: number;
  /** What a person should know of them. */
  readonly notes: readonly string[];
}

/**
 * The data of a request: as it describes them, or as the service finds them, and then there is enough of them for its split.
 *
 * @throws CompoundSearchError UNKNOWN_DATASET, DATASET_INVALID, SPLIT_INVALID
 */
export async function requestData(
  { data, dataset: name, split }: Pick<SearchRequest, 'data' | 'dataset' | 'split'>,
  dataRoot?: string,
): Promise<RequestData> {
  if (data !== undefined) {
    const { classes, ...image } = data;
    return { image, classes, notes: [] };
  }
  const dataset = await findDataset(name, dataRoot === undefined ? {} : { dataRoot });
  requireSplitSizes({
    ...split,
    classes: dataset.classes,
    available: dataset.trainingImages,
    availableForValidation: dataset.validationImages,
  });
  return { image: dataset.image, classes: dataset.classes, notes: datasetNotes(dataset) };
}
