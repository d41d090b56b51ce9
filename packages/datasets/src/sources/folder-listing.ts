import { createHash } from 'node:crypto';
import { posix } from 'node:path';

import type { DataEntry, DataRoot } from '../data-root.ts';
import { datasetFault, listFaults, quoted } from '../dataset-fault.ts';

/** An image file and its class. */
export interface ImageFile {
  readonly file: DataEntry;
  readonly label: number;
}

/** The image files of a data set, each part in the order of class and name. */
export interface FolderListing {
  readonly folder: DataEntry;
  readonly classNames: readonly string[];
  readonly train: readonly ImageFile[];
  readonly test: readonly ImageFile[];
}

/** Files of each class, by the name of the class. */
type ClassTree = ReadonlyMap<string, readonly DataEntry[]>;

/** Labels are bytes. */
const mostClasses = 256;
function baseName(entry: DataEntry): string {
  return posix.basename(entry.name);
}

/** One image in five of a class is for the test where the data set has no folder `test`. */
const testShare = 5;

async function readTree(root: DataRoot, folder: DataEntry): Promise<ClassTree> {
  const folders = (await root.list(folder)).filter((entry) => entry.kind === 'folder');
  const tree = new Map<string, readonly DataEntry[]>();
  const faults: string[] = [];
  for (const classFolder of folders) {
    const entries = await root.list(classFolder);
    faults.push(...entries.filter(({ kind }) => kind !== 'file').map(({ name }) => quoted(name)));
    tree.set(baseName(classFolder), entries);
  }
  if (faults.length > 0) {
    throw datasetFault(folder.name, `A class folder holds other things than image files: ${listFaults(faults)}.`, {
      remedy: 'Put the images of a class directly into its folder; a split has one folder train and one folder test.',
    });
  }
  const empty = [...tree].filter(([, files]) => files.length === 0).map(([name]) => quoted(name));
  if (empty.length === 0 && tree.size > 0) return tree;
  const message =
    tree.size === 0
      ? `${quoted(folder.name)} has no folders, but every class needs one.`
      : `${quoted(folder.name)} has class folders without images: ${listFaults(empty)}.`;
  throw datasetFault(folder.name, message, { remedy: 'Put the images of each class into a folder of its name.' });
}

function requireSameClasses(folder: DataEntry, train: ClassTree, test: ClassTree): void {
  const lack = (part: string, one: ClassTree, other: ClassTree): string[] =>
    [...other.keys()].filter((name) => !one.has(name)).map((name) => `${part} has no folder ${quoted(name)}`);
  const faults = [...lack('train', train, test), ...lack('test', test, train)];
  if (faults.length === 0) return;
  throw datasetFault(folder.name, `${quoted(folder.name)}: ${listFaults(faults)}.`, {
    remedy: 'Give train and test a folder for every class.',
  });
}

/**
 * Which files of a class are for the test: the fifth of them, rounded and at least one, whose names have the smallest
 * SHA-256. A file keeps its part when others come or go, but for those at the border.
 */
function chooseTest(files: readonly DataEntry[]): ReadonlySet<DataEntry> {
  const hashed = files.map((file) => ({ file, hash: createHash('sha256').update(baseName(file)).digest('hex') }));
  hashed.sort((one, other) => (one.hash < other.hash ? -1 : 1));
  const count = Math.max(1, Math.round(files.length / testShare));
  return new Set(hashed.slice(0, count).map(({ file }) => file));
}

/** Two images to train and rank on, and one for the test. */
const leastToSplit = 3;

function splitTree(folder: DataEntry, tree: ClassTree): { train: ClassTree; test: ClassTree } {
  const small = [...tree].filter(([, files]) => files.length < leastToSplit);
  if (small.length > 0) {
    const faults = small.map(([name, files]) => `${quoted(name)} (${files.length})`);
    const message = `${quoted(folder.name)} has classes with fewer than ${leastToSplit} images: ${listFaults(faults)}.`;
    throw datasetFault(folder.name, message, { remedy: 'Add images to these classes, or remove their folders.' });
  }
  const train = new Map<string, readonly DataEntry[]>();
  const test = new Map<string, readonly DataEntry[]>();
  for (const [name, files] of tree) {
    const chosen = chooseTest(files);
    train.set(
      name,
      files.filter((file) => !chosen.has(file)),
    );
    test.set(
      name,
      files.filter((file) => chosen.has(file)),
    );
  }
  return { train, test };
}

/**
 * Lists a data set of one folder a class: below `train` and `test` where it has both, else directly, and then one image
 * in five of each class is for the test. Files directly in the folder and other folders beside `train` and `test` are
 * passed over.
 *
 * @throws CompoundSearchError DATASET_INVALID or UNKNOWN_DATASET
 */
export async function listImages(root: DataRoot, path: string): Promise<FolderListing> {
  const folder = await root.require(path, 'folder');
  const [trainFolder, testFolder] = [
    await root.find(posix.join(folder.name, 'train')),
    await root.find(posix.join(folder.name, 'test')),
  ];
  const parted = trainFolder?.kind === 'folder' && testFolder?.kind === 'folder';
  const { train, test } = parted
    ? { train: await readTree(root, trainFolder), test: await readTree(root, testFolder) }
    : splitTree(folder, await readTree(root, folder));
  requireSameClasses(folder, train, test);
  const classNames = [...train.keys()];
  if (classNames.length > mostClasses) {
    const message = `${quoted(folder.name)} has ${classNames.length} classes; at most ${mostClasses} are supported.`;
    throw datasetFault(folder.name, message, { remedy: 'Use fewer classes.' });
  }
  const label = (tree: ClassTree): ImageFile[] =>
    classNames.flatMap((name, index) => (tree.get(name) ?? []).map((file) => ({ file, label: index })));
  return { folder, classNames, train: label(train), test: label(test) };
}
