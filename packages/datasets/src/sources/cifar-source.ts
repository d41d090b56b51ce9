import { type DataEntry, readEntry } from '../data-root.ts';
import type { LabelledImages } from '../dataset.ts';
import { datasetFault, listFaults } from '../dataset-fault.ts';
import { requireFiles } from './required-files.ts';
import type { DatasetSource, SourceImages, SourceOutline, SourceRequest } from './source.ts';

/** The binary version of CIFAR-10 or CIFAR-100, https://www.cs.toronto.edu/~kriz/cifar.html. */
interface CifarLayout {
  readonly prefix: 'cifar10' | 'cifar100';
  readonly trainFiles: readonly string[];
  readonly testFile: string;
  /** Each byte before the pixels of a record is a label below its limit; the last one is the class. */
  readonly labelLimits: readonly number[];
}

const layouts: readonly CifarLayout[] = [
  {
    prefix: 'cifar10',
    trainFiles: [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`),
    testFile: 'test_batch.bin',
    labelLimits: [10],
  },
  { prefix: 'cifar100', trainFiles: ['train.bin'], testFile: 'test.bin', labelLimits: [20, 100] },
];

const image = { height: 32, width: 32, channels: 3 } as const;
const plane = image.height * image.width;
const pixels = plane * image.channels;
const remedy = 'Fetch the binary version again: this copy is damaged, or is the version for Python or Matlab.';

interface CifarFiles {
  readonly train: readonly DataEntry[];
  readonly test: readonly DataEntry[];
}

async function findFiles(layout: CifarLayout, { root, path }: SourceRequest): Promise<CifarFiles> {
  const all = await requireFiles(root, path, [...layout.trainFiles, layout.testFile]);
  const files = { train: all.slice(0, -1), test: all.slice(-1) };
  requireSizes(layout, files);
  return files;
}

/** Whole records in every file, and as many in each training file: a file cut between two records is found as well. */
function requireSizes(layout: CifarLayout, { train, test }: CifarFiles): void {
  const record = layout.labelLimits.length + pixels;
  const faults = [...train, ...test].flatMap(({ name, stats: { size } }) => {
    if (size > 0n && size % BigInt(record) === 0n) return [];
    return [`${name} has ${size} bytes, which is no multiple of the ${record} of an image with its labels`];
  });
  const largest = train.reduce((most, { stats: { size } }) => (size > most ? size : most), 0n);
  const shorter = train.filter(({ stats: { size } }) => size !== largest);
  if (faults.length === 0) {
    faults.push(...shorter.map(({ name, stats: { size } }) => `${name} has ${size} bytes, others have ${largest}`));
  }
  const [first] = [...train, ...test];
  if (faults.length === 0 || first === undefined) return;
  throw datasetFault(first.name, `${listFaults(faults)}.`, { remedy });
}

/** The classes of the records of a file. @throws CompoundSearchError DATASET_INVALID that lists labels out of range. */
function readLabels({ labelLimits }: CifarLayout, file: string, bytes: Buffer): Uint8Array {
  const record = labelLimits.length + pixels;
  const faults: string[] = [];
  const labels = new Uint8Array(bytes.length / record);
  for (let index = 0; index < labels.length; index++) {
    labelLimits.forEach((limit, position) => {
      const label = bytes[index * record + position] ?? 0;
      if (label >= limit) faults.push(`that of image ${index} is ${label}, of ${limit}`);
      labels[index] = label;
    });
  }
  if (faults.length === 0) return labels;
  throw datasetFault(file, `${file}: labels are out of range: ${listFaults(faults)}.`, { remedy });
}

/** A record has the red plane, the green and the blue; images here have the three values of a pixel side by side. */
function interleave(source: Buffer, target: Uint8Array): void {
  for (let position = 0; position < plane; position++) {
    for (let channel = 0; channel < image.channels; channel++) {
      target[position * image.channels + channel] = source[channel * plane + position] ?? 0;
    }
  }
}

async function readLabelsOf(layout: CifarLayout, files: readonly DataEntry[]): Promise<Uint8Array> {
  const labels: Uint8Array[] = [];
  for (const file of files) labels.push(readLabels(layout, file.name, await readEntry(file)));
  return Buffer.concat(labels);
}

async function readImages(layout: CifarLayout, files: readonly DataEntry[]): Promise<LabelledImages> {
  const header = layout.labelLimits.length;
  const record = header + pixels;
  const parts: LabelledImages[] = [];
  for (const file of files) {
    const bytes = await readEntry(file);
    const labels = readLabels(layout, file.name, bytes);
    const images = new Uint8Array(labels.length * pixels);
    for (let index = 0; index < labels.length; index++) {
      const start = index * record + header;
      interleave(bytes.subarray(start, start + pixels), images.subarray(index * pixels, (index + 1) * pixels));
    }
    parts.push({ count: labels.length, labels, images });
  }
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    images: new Uint8Array(Buffer.concat(parts.map((part) => part.images))),
    labels: new Uint8Array(Buffer.concat(parts.map((part) => Uint8Array.from(part.labels)))),
  };
}

function createSource(layout: CifarLayout): DatasetSource {
  const classes = layout.labelLimits.at(-1) ?? 0;
  const classNames = Array.from({ length: classes }, (_, label) => String(label));
  return {
    prefix: layout.prefix,
    form: `${layout.prefix}:<folder>`,
    summary: `the binary version of ${layout.prefix === 'cifar10' ? 'CIFAR-10' : 'CIFAR-100, with its 100 fine classes'}`,
    optionNames: [],
    async describe(request): Promise<SourceOutline> {
      const files = await findFiles(layout, request);
      const train = await readLabelsOf(layout, files.train);
      const test = await readLabelsOf(layout, files.test);
      return { image, classNames, labels: { train, validation: undefined, test }, notes: [] };
    },
    async load(request): Promise<SourceImages> {
      const files = await findFiles(layout, request);
      const train = await readImages(layout, files.train);
      const test = await readImages(layout, files.test);
      return { image, classNames, parts: { train, validation: undefined, test }, notes: [] };
    },
  };
}

/** CIFAR-10 and CIFAR-100. */
export const cifarSources: readonly DatasetSource[] = layouts.map(createSource);
