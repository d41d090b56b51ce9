import { datasetFault } from '../../dataset-fault.ts';
import { type Labels, mostClasses } from '../../labels.ts';
import { elementReader, npyElements, npyHeadBytes, parseNpyHeader } from './npy.ts';

/**
 * The labels of a .npy file of whole numbers, (count) or (count, 1).
 *
 * @throws CompoundSearchError DATASET_INVALID for other types and shapes, and labels that are not from 0 to 65,535.
 */
export function parseNpyLabels(file: string, bytes: Buffer): Labels {
  const header = parseNpyHeader(file, bytes.subarray(0, npyHeadBytes));
  const { element, shape, type } = header;
  const [count = 0, second = 1] = shape;
  if (element === undefined || shape.length < 1 || shape.length > 2 || second !== 1) {
    const found = `${type} of shape (${shape.join(', ')})`;
    throw datasetFault(file, `${file}: labels are integers of shape (count) or (count, 1), but it holds ${found}.`, {
      remedy: 'Save one integer class an image: not one-hot vectors, not several labels, and no text.',
    });
  }
  const read = elementReader(element, npyElements(file, header, bytes));
  return Uint16Array.from({ length: count }, (_, index) => {
    const label = read(index);
    if (Number.isInteger(label) && label >= 0 && label < mostClasses) return label;
    const message = `${file}: labels are whole numbers from 0 to ${mostClasses - 1}, but that of image ${index} is ${label}.`;
    throw datasetFault(file, message, { remedy: 'Number the classes from 0.' });
  });
}
