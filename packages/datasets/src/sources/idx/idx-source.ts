import { posix } from 'node:path';

import { type DataEntry, readEntry } from '../../data-root.ts';
import { datasetFault, quoted } from '../../dataset-fault.ts';
import { type ImageStack, parseChannels, requireImageStack, requireSameShape } from '../../image-stack.ts';
import { type FileLabels, numberClasses } from '../../labels.ts';
import { joinParts, mapParts, type Parts, readParts } from '../../parts.ts';
import type { DatasetSource, SourceImages, SourceOutline, SourceRequest } from '../source.ts';
import { idxHeadBytes, parseIdx, parseIdxHead, requireIdxLabels } from './idx.ts';

/** The four files of a data set; each part with its images and labels. */
type IdxFiles = Parts<{ readonly images: DataEntry; readonly labels: DataEntry }>;

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
    validation: undefined,
    test: { images: only('t10k-images-idx3-ubyte'), labels: only('t10k-labels-idx1-ubyte') },
  };
}

async function readLabels(file: DataEntry, images: { file: string; count: number }): Promise<FileLabels> {
  const { dimensions, values } = await parseIdx(file.name, await readEntry(file));
  requireIdxLabels({ file: file.name, dimensions }, images);
  return { file: file.name, labels: values };
}

/** What the headers and the labels of a part say. */
interface Outline extends ImageStack, FileLabels {
  readonly imagesFile: string;
}

/** EMNIST's files were converted from Matlab's: rows and columns of every image are exchanged. */
function transposedNotes({ train, test }: IdxFiles): string[] {
  if (![train, test].some(({ images }) => /^emnist/i.test(posix.basename(images.name)))) return [];
  return [
    'The images of EMNIST lie transposed in its files, rows and columns exchanged, and are used like that: ' +
      'a flip from left to right turns the characters upside down, and a model wants its input transposed as well.',
  ];
}

function outlineOf(files: IdxFiles, outlines: Parts<Outline>): SourceOutline {
  const image = requireSameShape(mapParts(outlines, (part) => ({ file: part.imagesFile, image: part.image })));
  const classes = numberClasses(outlines);
  return { image, ...classes, notes: [...transposedNotes(files), ...classes.notes] };
}

async function describe(request: SourceRequest): Promise<SourceOutline> {
  const channels = parseChannels(request.dataset, request.options);
  const files = await findFiles(request);
  const outlines = await readParts(files, async ({ images, labels }) => {
    const head = await readEntry(images, idxHeadBytes);
    const dimensions = await parseIdxHead(images.name, head, Number(images.stats.size));
    const stack = requireImageStack(images.name, dimensions, channels);
    return {
      ...stack,
      imagesFile: images.name,
      ...(await readLabels(labels, { file: images.name, count: stack.count })),
    };
  });
  return outlineOf(files, outlines);
}

async function load(request: SourceRequest): Promise<SourceImages> {
  const channels = parseChannels(request.dataset, request.options);
  const files = await findFiles(request);
  const read = await readParts(files, async ({ images, labels }) => {
    const { dimensions, values } = await parseIdx(images.name, await readEntry(images));
    const stack = requireImageStack(images.name, dimensions, channels);
    const found = await readLabels(labels, { file: images.name, count: stack.count });
    return { ...stack, ...found, imagesFile: images.name, images: values };
  });
  const { labels, ...rest } = outlineOf(files, read);
  return {
    ...rest,
    parts: joinParts(read, labels, ({ count, images }, partLabels) => ({ count, images, labels: partLabels })),
  };
}

/** The IDX files of MNIST, Fashion-MNIST and EMNIST. */
export const idxSource: DatasetSource = {
  prefix: 'idx',
  form: 'idx:<folder>',
  summary: 'IDX files as MNIST, Fashion-MNIST and EMNIST have them',
  optionNames: ['channels'],
  describe,
  load,
};
