import type { DataEntry } from '../../data-root.ts';
import { datasetFault, listFaults } from '../../dataset-fault.ts';
import { type ImageStack, parseChannels, requireImageStack, requireSameShape } from '../../image-stack.ts';
import { type FileLabels, numberClasses } from '../../labels.ts';
import { joinParts, listParts, mapParts, type Parts, readParts } from '../../parts.ts';
import type { DatasetSource, SourceImages, SourceOutline, SourceRequest } from '../source.ts';
import { npyHeadBytes, type NpyHeader, parseNpyHeader } from './npy.ts';
import { parseNpyLabels } from './npy-labels.ts';
import { type NpyPixels, parseNpyPixels } from './npy-pixels.ts';
import { withZipEntries, type ZipArchive } from './zip-entries.ts';

/** The names of the two arrays of a part. */
interface ArrayNames {
  readonly images: string;
  readonly labels: string;
}

/** How archives name their arrays. */
const layouts: readonly Parts<ArrayNames>[] = [
  // Keras
  {
    train: { images: 'x_train', labels: 'y_train' },
    validation: { images: 'x_val', labels: 'y_val' },
    test: { images: 'x_test', labels: 'y_test' },
  },
  // MedMNIST, https://medmnist.com
  {
    train: { images: 'train_images', labels: 'train_labels' },
    validation: { images: 'val_images', labels: 'val_labels' },
    test: { images: 'test_images', labels: 'test_labels' },
  },
];

const layoutRemedy =
  'Save x_train, y_train, x_test and y_test with numpy.savez, or train_images, train_labels, test_images and ' +
  'test_labels; a validation split has both arrays or none.';

function namesOf(part: ArrayNames): string[] {
  return [part.images, part.labels].map((name) => `${name}.npy`);
}

/**
 * The arrays of an archive: those of the layout of which there are most. The validation split may be absent.
 *
 * @throws CompoundSearchError DATASET_INVALID that lists what is missing.
 */
function requireLayout(file: DataEntry, names: ReadonlySet<string>): Parts<ArrayNames> {
  const isThere = (part: ArrayNames): boolean => namesOf(part).some((name) => names.has(name));
  const found = layouts.map((layout) => ({
    ...layout,
    validation: layout.validation !== undefined && isThere(layout.validation) ? layout.validation : undefined,
  }));
  const missing = found.map((layout) =>
    listParts(layout)
      .flatMap(({ value }) => namesOf(value))
      .filter((name) => !names.has(name)),
  );
  const fewest = Math.min(...missing.map(({ length }) => length));
  const chosen = missing.findIndex(({ length }) => length === fewest);
  const layout = found[chosen];
  if (fewest === 0 && layout !== undefined) return layout;
  const faults = (missing[chosen] ?? []).map((name) => `${name} is missing`);
  throw datasetFault(file.name, `${file.name}: ${listFaults(faults)}.`, { remedy: layoutRemedy });
}

/** The arrays of one part, before the values of its images are looked at. */
interface Outline extends ImageStack, FileLabels {
  readonly header: NpyHeader;
  readonly imagesFile: string;
}

interface Archive {
  readonly file: DataEntry;
  readonly read: ZipArchive['read'];
  /** What the search asks for. */
  readonly channels: number | undefined;
}

async function outline({ file, read, channels }: Archive, names: ArrayNames): Promise<Outline> {
  const imagesFile = `${file.name}/${names.images}.npy`;
  const header = parseNpyHeader(imagesFile, await read(`${names.images}.npy`, npyHeadBytes));
  if (header.element === undefined) {
    throw datasetFault(
      imagesFile,
      `${imagesFile}: images are integers or floats of at most 64 bits, but it holds ${header.type}.`,
      {
        remedy: 'Save images as uint8 from 0 to 255.',
      },
    );
  }
  const stack = requireImageStack(imagesFile, header.shape, channels);
  const labelsFile = `${file.name}/${names.labels}.npy`;
  const labels = parseNpyLabels(labelsFile, await read(`${names.labels}.npy`));
  if (labels.length !== stack.count) {
    const message = `${labelsFile}: ${labels.length} labels do not fit the ${stack.count} images of ${names.images}.`;
    throw datasetFault(file.name, message, { remedy: 'Save the images and the labels of the same split.' });
  }
  return { ...stack, header, imagesFile, file: labelsFile, labels };
}

async function withArchive<Result>(
  { root, path, dataset, options }: SourceRequest,
  use: (archive: Archive, layout: Parts<ArrayNames>) => Promise<Result>,
): Promise<Result> {
  const channels = parseChannels(dataset, options);
  const file = await root.require(path, 'file');
  return withZipEntries(file, ({ names, read }) => use({ file, read, channels }, requireLayout(file, names)));
}

function outlineOf(outlines: Parts<Outline>): SourceOutline {
  const image = requireSameShape(mapParts(outlines, (part) => ({ file: part.imagesFile, image: part.image })));
  return { image, ...numberClasses(outlines) };
}

/** All parts must have been scaled alike: a test from 0 to 1 beside a training part from 0 to 255 is a mistake. */
function requireSameScale(parts: Parts<{ readonly file: string; readonly pixels: NpyPixels }>): void {
  const rangeOf = ({ scale }: NpyPixels): string => (scale === 255 ? '0 to 1' : '0 to 255');
  const { file, pixels } = parts.train;
  for (const { value } of listParts(parts)) {
    if (value.pixels.scale === pixels.scale) continue;
    const message = `${value.file}: its values are from ${rangeOf(value.pixels)}, those of ${file} from ${rangeOf(pixels)}.`;
    throw datasetFault(value.file, message, { remedy: 'Save all parts of the data set with values of one range.' });
  }
}

/** A note for what was done, with the arrays to which it was done. */
function conversionNotes(parts: Parts<{ readonly file: string; readonly pixels: NpyPixels }>): string[] {
  const files = new Map<string, string[]>();
  for (const { value } of listParts(parts)) {
    const { conversion } = value.pixels;
    if (conversion !== undefined) files.set(conversion, [...(files.get(conversion) ?? []), value.file]);
  }
  return [...files].map(([conversion, names]) => `${names.join(', ')}: ${conversion}.`);
}

async function load(request: SourceRequest): Promise<SourceImages> {
  return withArchive(request, async (archive, layout) => {
    const outlines = await readParts(layout, (names) => outline(archive, names));
    const { labels, notes, ...rest } = outlineOf(outlines);
    const read = await readParts(outlines, async ({ imagesFile, header, count }) => {
      const bytes = await archive.read(imagesFile.slice(archive.file.name.length + 1));
      return { file: imagesFile, count, pixels: parseNpyPixels(imagesFile, header, bytes) };
    });
    requireSameScale(read);
    const parts = joinParts(read, labels, ({ count, pixels }, partLabels) => ({
      count,
      images: pixels.values,
      labels: partLabels,
    }));
    return { ...rest, parts, notes: [...notes, ...conversionNotes(read)] };
  });
}

/** The archives of Keras and of MedMNIST. */
export const npzSource: DatasetSource = {
  prefix: 'npz',
  form: 'npz:<file>',
  summary: 'a NumPy archive with images and labels, named as Keras or MedMNIST name them',
  optionNames: ['channels'],
  describe: (request) =>
    withArchive(request, async (archive, layout) =>
      outlineOf(await readParts(layout, (names) => outline(archive, names))),
    ),
  load,
};
