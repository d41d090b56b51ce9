import { classSizes } from '../class-sizes.ts';
import type { DataEntry } from '../data-root.ts';
import type { ImageShape, LabelledImages } from '../dataset.ts';
import { datasetFault } from '../dataset-fault.ts';
import { npyElements, npyHeadBytes, type NpyHeader, parseNpyHeader, parseNpyLabels } from './npy.ts';
import type { DatasetSource, SourceImages, SourceOutline, SourceRequest } from './source.ts';
import { type ReadZipEntry, withZipEntries } from './zip-entries.ts';

type PartName = 'train' | 'test';

const arrays = ['x_train', 'y_train', 'x_test', 'y_test'] as const;
const entryNames = arrays.map((name) => `${name}.npy`);

/** An array's name in messages. */
function shown(file: DataEntry, array: string): string {
  return `${file.name}/${array}.npy`;
}

interface Stack {
  readonly image: ImageShape;
  readonly count: number;
}

/** [count, height, width] or [count, height, width, channels] of bytes. */
function requireStack(name: string, { type, shape }: NpyHeader): Stack {
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  const fits = shape.length === 3 || shape.length === 4;
  if (type !== '|u1' || !fits) {
    const found = `${type} of shape (${shape.join(', ')})`;
    const message = `${name}: images are uint8 of shape (count, height, width) or (count, height, width, channels), but it holds ${found}.`;
    throw datasetFault(name, message, { remedy: 'Save images as uint8 from 0 to 255, not scaled and not flattened.' });
  }
  if (count * height * width * channels === 0) {
    throw datasetFault(name, `${name}: it holds no pixels: its shape is (${shape.join(', ')}).`, {
      remedy: 'Save at least one image.',
    });
  }
  return { count, image: { height, width, channels } };
}

async function readLabels(read: ReadZipEntry, file: DataEntry, part: PartName, count: number): Promise<Uint8Array> {
  const labels = parseNpyLabels(shown(file, `y_${part}`), await read(`y_${part}.npy`));
  if (labels.length === count) return labels;
  const message = `${shown(file, `y_${part}`)}: ${labels.length} labels do not fit the ${count} images of x_${part}.`;
  throw datasetFault(file.name, message, { remedy: 'Save the images and the labels of the same split.' });
}

function requireSameShape(file: DataEntry, train: ImageShape, test: ImageShape): ImageShape {
  if (JSON.stringify(train) === JSON.stringify(test)) return train;
  const show = ({ height, width, channels }: ImageShape): string => `${height} x ${width} x ${channels}`;
  const message = `${file.name}: the images of x_train are ${show(train)}, those of x_test ${show(test)}.`;
  throw datasetFault(file.name, message, { remedy: 'Save both splits at one size.' });
}

/** The classes are 0 to the largest label of the training split. */
function classNamesOf(file: DataEntry, train: Uint8Array, test: Uint8Array): string[] {
  const last = train.reduce((largest, label) => Math.max(largest, label), 0);
  const outside = test.findIndex((label) => label > last);
  if (outside < 0) return Array.from({ length: last + 1 }, (_, label) => String(label));
  const message = `${shown(file, 'y_test')}: labels go from 0 to ${last} in y_train, but that of image ${outside} is ${test[outside]}.`;
  throw datasetFault(file.name, message, { remedy: 'Use the labels that belong to these classes.' });
}

async function describe({ root, path }: SourceRequest): Promise<SourceOutline> {
  const file = await root.require(path, 'file');
  return withZipEntries(file, entryNames, async (read) => {
    const outline = async (part: PartName) => {
      const name = shown(file, `x_${part}`);
      const stack = requireStack(name, parseNpyHeader(name, await read(`x_${part}.npy`, npyHeadBytes)));
      return { ...stack, labels: await readLabels(read, file, part, stack.count) };
    };
    const [train, test] = [await outline('train'), await outline('test')];
    const image = requireSameShape(file, train.image, test.image);
    const classNames = classNamesOf(file, train.labels, test.labels);
    const { length } = classNames;
    const sizes = { training: classSizes(train.labels, length), test: classSizes(test.labels, length) };
    return { image, classNames, sizes };
  });
}

async function load({ root, path }: SourceRequest): Promise<SourceImages> {
  const file = await root.require(path, 'file');
  return withZipEntries(file, entryNames, async (read) => {
    const part = async (name: PartName): Promise<LabelledImages & { image: ImageShape }> => {
      const array = shown(file, `x_${name}`);
      const bytes = await read(`x_${name}.npy`);
      const header = parseNpyHeader(array, bytes.subarray(0, npyHeadBytes));
      const { count, image } = requireStack(array, header);
      const labels = await readLabels(read, file, name, count);
      return { count, image, labels, images: new Uint8Array(npyElements(array, header, bytes)) };
    };
    const [train, test] = [await part('train'), await part('test')];
    const image = requireSameShape(file, train.image, test.image);
    return { image, classNames: classNamesOf(file, train.labels, test.labels), train, test };
  });
}

/** The archives of Keras: arrays x_train, y_train, x_test, y_test. */
export const npzSource: DatasetSource = {
  prefix: 'npz',
  form: 'npz:<file>',
  summary: 'a NumPy archive with x_train, y_train, x_test and y_test, as Keras saves them',
  optionNames: [],
  describe,
  check: load,
  load,
};
