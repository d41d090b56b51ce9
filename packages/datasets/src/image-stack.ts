import type { CompoundSearchError } from '@compound-search/contracts';

import type { ImageShape } from './dataset.ts';
import { datasetFault, quoted } from './dataset-fault.ts';
import { listParts, type Parts } from './parts.ts';
import { requireSize } from './size-limit.ts';

/** An array of images: how many, and of which shape. */
export interface ImageStack {
  readonly count: number;
  readonly image: ImageShape;
}

/** Grey, colour, and colour with alpha. Two channels or more than four are more often another axis than meant. */
const usualChannels: ReadonlySet<number> = new Set([1, 3, 4]);

/** An array's axes in another order than (count, height, width, channels), and how NumPy brings them into it. */
const otherOrders = [
  { axis: 1, found: 'has the channels first', transpose: '(0, 2, 3, 1)' },
  { axis: 2, found: 'has the images last', transpose: '(3, 0, 1, 2)' },
] as const;

function channelFault(file: string, shape: readonly number[], wanted: number | undefined): CompoundSearchError {
  const channels = shape[3] ?? 1;
  const isCount = (size = 0): boolean => (wanted === undefined ? size <= 4 : size === wanted);
  const order = channels > 4 ? otherOrders.find(({ axis }) => isCount(shape[axis])) : undefined;
  if (order !== undefined) {
    return datasetFault(file, `${file}: its shape (${shape.join(', ')}) ${order.found}.`, {
      remedy: `Save np.transpose(x, ${order.transpose}), whose axes are (count, height, width, channels).`,
    });
  }
  if (wanted !== undefined) {
    return datasetFault(file, `${file}: its images have ${channels} channels, not the ${wanted} that are asked for.`, {
      remedy: `Ask for ?channels=${channels}, or save images of ${wanted} channels.`,
    });
  }
  return datasetFault(file, `${file}: its images have ${channels} channels, but 1, 3 and 4 are usual.`, {
    remedy:
      `Where they do have ${channels}, put ?channels=${channels} after the name of the data set; ` +
      'else save them as (count, height, width, channels).',
  });
}

/**
 * Reads the shape of an array of images, (count, height, width) or (count, height, width, channels). Other numbers of
 * channels than 1, 3 and 4 must be asked for with `channels`.
 *
 * @throws CompoundSearchError DATASET_INVALID where it is no such shape, is empty or too large.
 */
export function requireImageStack(file: string, shape: readonly number[], channels?: number): ImageStack {
  const [count = 0, height = 0, width = 0, found = 1] = shape;
  const remedy = 'Name an array of images here, (count, height, width) or (count, height, width, channels).';
  if (shape.length !== 3 && shape.length !== 4) {
    const message = `${file}: images have 3 or 4 dimensions, but its shape is (${shape.join(', ')}).`;
    throw datasetFault(file, message, { remedy });
  }
  if (count * height * width * found === 0) {
    throw datasetFault(file, `${file}: it holds no pixels: its shape is (${shape.join(', ')}).`, { remedy });
  }
  if (channels === undefined ? !usualChannels.has(found) : found !== channels) {
    throw channelFault(file, shape, channels);
  }
  requireSize(file, count * height * width * found);
  return { count, image: { height, width, channels: found } };
}

const channelPattern = /^[1-9]\d{0,2}$/;

/** The option `channels` of an array's name. @throws CompoundSearchError DATASET_INVALID */
export function parseChannels(dataset: string, options: ReadonlyMap<string, string>): number | undefined {
  const text = options.get('channels');
  if (text === undefined) return undefined;
  if (channelPattern.test(text)) return Number(text);
  throw datasetFault(dataset, `${quoted(dataset)} asks for channels that are no number from 1 to 999.`, {
    remedy: 'Write the number of channels that the images have, as ?channels=16.',
  });
}

/**
 * The one shape that the images of all parts have.
 *
 * @throws CompoundSearchError DATASET_INVALID where a part has images of another shape.
 */
export function requireSameShape(parts: Parts<{ readonly file: string; readonly image: ImageShape }>): ImageShape {
  const show = ({ height, width, channels }: ImageShape): string => `${height} x ${width} x ${channels}`;
  const { file, image } = parts.train;
  for (const { value } of listParts(parts)) {
    if (show(value.image) === show(image)) continue;
    const message = `${value.file}: its images are ${show(value.image)}, those of ${file} ${show(image)}.`;
    throw datasetFault(value.file, message, { remedy: 'Save all parts of the data set at one size.' });
  }
  return image;
}
