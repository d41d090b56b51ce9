import { classSizes } from '../class-sizes.ts';
import { type DataEntry, readEntry } from '../data-root.ts';
import type { ImageShape, LabelledImages } from '../dataset.ts';
import { datasetFault, quoted } from '../dataset-fault.ts';
import { idxHeadBytes, idxImageShape, parseIdx, parseIdxHead, requireIdxLabels } from '../idx.ts';
import type { DatasetSource, SourceImages, SourceOutline, SourceRequest } from './source.ts';

interface Part<Value> {
  readonly train: Value;
  readonly test: Value;
}

/** The four files of a data set; `train` and `test` each with its images and labels. */
type IdxFiles = Part<{ readonly images: DataEntry; readonly labels: DataEntry }>;

/** The names of MNIST and Fashion-MNIST; EMNIST puts its own before them, and calls the test split `test`. */
const patterns = {
  'train-images-idx3-ubyte': /(^|[^a-z0-9])train-images[-.]idx3-ubyte(\.gz)?$/,
  'train-labels-idx1-ubyte': /(^|[^a-z0-9])train-labels[-.]idx1-ubyte(\.gz)?$/,
  't10k-images-idx3-ubyte': /(^|[^a-z0-9])(t10k|test)-images[-.]idx3-ubyte(\.gz)?$/,
  't10k-labels-idx1-ubyte': /(^|[^a-z0-9])(t10k|test)-labels[-.]idx1-ubyte(\.gz)?$/,
} as const;

type FileName = keyof typeof patterns;

async function findFiles({ root, path }: SourceRequest): Promise<IdxFiles> {
  const folder = await root.require(path, 'folder');
  const entries = (await root.list(folder)).filter((entry) => entry.kind === 'file');
  const candidates = (name: FileName): DataEntry[] =>
    entries.filter((entry) => patterns[name].test(entry.name.slice(entry.name.lastIndexOf('/') + 1)));
  const faults = (Object.keys(patterns) as FileName[]).flatMap((name) => {
    const { length } = candidates(name);
    if (length === 1) return [];
    return [`${name}[.gz] is ${length === 0 ? 'missing' : `there ${length} times`}`];
  });
  const only = (name: FileName): DataEntry => {
    const [entry] = candidates(name);
    if (faults.length === 0 && entry !== undefined) return entry;
    throw datasetFault(folder.name, `${quoted(folder.name)}: ${faults.join('; ')}.`, {
      remedy: 'Put exactly these four files into the folder, each plain or gzipped.',
    });
  };
  return {
    train: { images: only('train-images-idx3-ubyte'), labels: only('train-labels-idx1-ubyte') },
    test: { images: only('t10k-images-idx3-ubyte'), labels: only('t10k-labels-idx1-ubyte') },
  };
}

interface Labels {
  readonly file: string;
  readonly labels: Uint8Array;
}

async function readLabels(file: DataEntry, images: { file: string; count: number }): Promise<Labels> {
  const { dimensions, values } = await parseIdx(file.name, await readEntry(file));
  requireIdxLabels({ file: file.name, dimensions }, images);
  return { file: file.name, labels: values };
}

/**
 * Labels from 0, and the names of their classes. EMNIST's letters count from 1: where no image of either split has label
 * 0, all labels are lowered by one.
 */
function classesOf({ train, test }: Part<Labels>): Part<Uint8Array> & { readonly classNames: string[] } {
  const first = train.labels.includes(0) || test.labels.includes(0) ? 0 : 1;
  const last = train.labels.reduce((largest, label) => Math.max(largest, label), 0);
  const outside = test.labels.findIndex((label) => label > last);
  if (outside >= 0) {
    const found = `labels go from ${first} to ${last} in ${train.file}, but that of image ${outside}`;
    throw datasetFault(test.file, `${test.file}: ${found} is ${test.labels[outside]}.`, {
      remedy: 'Use the labels that belong to these classes.',
    });
  }
  return {
    train: Uint8Array.from(train.labels, (label) => label - first),
    test: Uint8Array.from(test.labels, (label) => label - first),
    classNames: Array.from({ length: last - first + 1 }, (_, index) => String(index + first)),
  };
}

function requireSameShape(files: IdxFiles, { train, test }: Part<ImageShape>): ImageShape {
  if (JSON.stringify(train) === JSON.stringify(test)) return train;
  const show = ({ height, width, channels }: ImageShape): string => `${height} x ${width} x ${channels}`;
  const message = `${files.test.images.name}: its images are ${show(test)}, those of ${files.train.images.name} ${show(train)}.`;
  throw datasetFault(files.test.images.name, message, { remedy: 'Use the two splits of one data set.' });
}

async function describe(request: SourceRequest): Promise<SourceOutline> {
  const files = await findFiles(request);
  const outline = async ({ images, labels }: IdxFiles['train']) => {
    const head = await readEntry(images, idxHeadBytes);
    const dimensions = await parseIdxHead(images.name, head, Number(images.stats.size));
    const image = idxImageShape(images.name, dimensions);
    return { image, ...(await readLabels(labels, { file: images.name, count: dimensions[0] ?? 0 })) };
  };
  const [train, test] = await Promise.all([outline(files.train), outline(files.test)]);
  const image = requireSameShape(files, { train: train.image, test: test.image });
  const classes = classesOf({ train, test });
  const { classNames } = classes;
  const sizes = {
    training: classSizes(classes.train, classNames.length),
    test: classSizes(classes.test, classNames.length),
  };
  return { image, classNames, sizes };
}

async function load(request: SourceRequest): Promise<SourceImages> {
  const files = await findFiles(request);
  const read = async ({ images, labels }: IdxFiles['train']) => {
    const { dimensions, values } = await parseIdx(images.name, await readEntry(images));
    const image = idxImageShape(images.name, dimensions);
    const count = dimensions[0] ?? 0;
    return { image, count, images: values, ...(await readLabels(labels, { file: images.name, count })) };
  };
  const [train, test] = await Promise.all([read(files.train), read(files.test)]);
  const image = requireSameShape(files, { train: train.image, test: test.image });
  const classes = classesOf({ train, test });
  const part = ({ count, images }: typeof train, labels: Uint8Array): LabelledImages => ({ count, images, labels });
  return {
    image,
    classNames: classes.classNames,
    train: part(train, classes.train),
    test: part(test, classes.test),
  };
}

/** The IDX files of MNIST, Fashion-MNIST and EMNIST. */
export const idxSource: DatasetSource = {
  prefix: 'idx',
  form: 'idx:<folder>',
  summary: 'IDX files as MNIST, Fashion-MNIST and EMNIST have them',
  optionNames: [],
  describe,
  check: load,
  load,
};
