import { createHash } from 'node:crypto';
import { posix } from 'node:path';

import type { DataEntry, DataRoot } from '../../data-root.ts';
import { datasetFault, escaped, listFaults, quoted } from '../../dataset-fault.ts';
import { mostClasses } from '../../labels.ts';
import { listParts, mapParts, type Parts, readParts } from '../../parts.ts';

/** An image file and its class. */
export interface ImageFile {
  readonly file: DataEntry;
  readonly label: number;
}

/** The image files of a data set, each part in the order of class and name. */
export interface FolderListing {
  readonly folder: DataEntry;
  readonly classNames: readonly string[];
  readonly parts: Parts<readonly ImageFile[]>;
}

/** All files, part after part. */
export function filesOf({ parts }: FolderListing): ImageFile[] {
  return listParts(parts).flatMap(({ value }) => value);
}

/** Files of each class, by the name of the class in Unicode's composed form (NFC). */
type ClassTree = ReadonlyMap<string, readonly DataEntry[]>;

function baseName(entry: DataEntry): string {
  return posix.basename(entry.name);
}

/** Folders whose names are one word, written in two Unicode forms: they would be two classes that print alike. */
function requireDistinctNames(folder: DataEntry, classFolders: readonly DataEntry[]): void {
  const names = classFolders.map(baseName);
  const twins = names.filter((name) => names.some((other) => other !== name && other.normalize() === name.normalize()));
  if (twins.length === 0) return;
  const message = `${quoted(folder.name)} has class folders whose names differ in Unicode form only: ${listFaults(twins.map(escaped))}.`;
  throw datasetFault(folder.name, message, { remedy: 'Put the images of each class into one folder.' });
}

/** One image in five of a class is for the test where the data set has no folder `test`. */
const testShare = 5;

async function readTree(root: DataRoot, folder: DataEntry): Promise<ClassTree> {
  const folders = (await root.list(folder)).filter((entry) => entry.kind === 'folder');
  requireDistinctNames(folder, folders);
  const tree = new Map<string, readonly DataEntry[]>();
  const faults: string[] = [];
  for (const classFolder of folders) {
    const entries = await root.list(classFolder);
    faults.push(...entries.filter(({ kind }) => kind !== 'file').map(({ name }) => quoted(name)));
    tree.set(baseName(classFolder).normalize(), entries);
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

function requireSameClasses(folder: DataEntry, trees: Parts<ClassTree>): void {
  const all = listParts(trees);
  const names = new Set(all.flatMap(({ value }) => [...value.keys()]));
  const faults = all.flatMap(({ name: part, value }) =>
    [...names].filter((name) => !value.has(name)).map((name) => `${part} has no folder ${quoted(name)}`),
  );
  if (faults.length === 0) return;
  throw datasetFault(folder.name, `${quoted(folder.name)}: ${listFaults(faults)}.`, {
    remedy: `Give ${all.map(({ name }) => name).join(' and ')} a folder for every class.`,
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

function splitTree(folder: DataEntry, tree: ClassTree): Parts<ClassTree> {
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
  return { train, validation: undefined, test };
}

/** Names of the folder with a data set's own validation split. */
const validationNames = ['val', 'valid', 'validation'] as const;

async function findParts(root: DataRoot, folder: DataEntry): Promise<Parts<DataEntry> | undefined> {
  const find = async (name: string): Promise<DataEntry | undefined> => {
    const entry = await root.find(posix.join(folder.name, name));
    return entry?.kind === 'folder' ? entry : undefined;
  };
  const [train, test] = [await find('train'), await find('test')];
  if (train === undefined || test === undefined) return undefined;
  const found: DataEntry[] = [];
  for (const name of validationNames) found.push(...[await find(name)].filter((entry) => entry !== undefined));
  const [validation, second] = found;
  if (second === undefined) return { train, validation, test };
  const names = found.map((entry) => quoted(baseName(entry))).join(' and ');
  throw datasetFault(folder.name, `${quoted(folder.name)} has more than one validation split: ${names}.`, {
    remedy: 'Keep one of these folders.',
  });
}

/** Names that are all whole numbers are ordered as numbers, others by their UTF-16 code units. */
function orderNames(names: readonly string[]): string[] {
  const areNumbers = names.every((name) => /^\d+$/.test(name));
  const digits = (name: string): string => name.replace(/^0+(?=\d)/, '');
  const byNumber = (one: string, other: string): number =>
    digits(one).length - digits(other).length ||
    (digits(one) < digits(other) ? -1 : Number(digits(one) > digits(other)));
  // The sort is stable: 1 and 01 keep the order of their code units.
  const sorted = [...names].sort();
  return areNumbers ? sorted.sort(byNumber) : sorted;
}

/**
 * Lists a data set of one folder a class: below `train` and `test` where it has both, and below `val`, `valid` or
 * `validation` beside them where it brings a validation split; else directly, and then one image in five of each class is
 * for the test. Files directly in the folder and other folders beside `train` and `test` are passed over.
 *
 * @throws CompoundSearchError DATASET_INVALID or UNKNOWN_DATASET
 */
export async function listImages(root: DataRoot, path: string): Promise<FolderListing> {
  const folder = await root.require(path, 'folder');
  const folders = await findParts(root, folder);
  const trees =
    folders === undefined
      ? splitTree(folder, await readTree(root, folder))
      : await readParts(folders, (part) => readTree(root, part));
  requireSameClasses(folder, trees);
  const classNames = orderNames([...trees.train.keys()]);
  if (classNames.length > mostClasses) {
    const message = `${quoted(folder.name)} has ${classNames.length} classes; at most ${mostClasses} are supported.`;
    throw datasetFault(folder.name, message, { remedy: 'Use fewer classes.' });
  }
  const parts = mapParts(trees, (tree): ImageFile[] =>
    classNames.flatMap((name, label) => (tree.get(name) ?? []).map((file) => ({ file, label }))),
  );
  return { folder, classNames, parts };
}
