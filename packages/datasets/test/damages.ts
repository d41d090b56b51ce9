import { gzipSync } from 'node:zlib';

import {
  cifar10Files,
  cifar100Files,
  type Files,
  idxFile,
  idxFiles,
  imageFiles,
  npyFile,
  npzArrays,
  pattern,
  zipFile,
} from './written-datasets.ts';

/** A way to damage the files of a data set, and what the error must name. */
interface Damage {
  readonly what: string;
  readonly damage: (files: Files) => void;
  readonly named: string;
}

function fileOf(files: Files, name: string): Buffer {
  const file = files[name];
  if (file === undefined) throw new Error(`There is no file ${name}`);
  return file;
}

/** Changes one file. */
function change(name: string, alter: (file: Buffer) => Buffer) {
  return (files: Files): void => {
    files[name] = alter(fileOf(files, name));
  };
}
function remove(name: string) {
  return (files: Files): void => {
    Reflect.deleteProperty(files, name);
  };
}
function cut(bytes: number) {
  return (file: Buffer): Buffer => file.subarray(0, file.length - bytes);
}
function keep(bytes: number) {
  return (file: Buffer): Buffer => file.subarray(0, bytes);
}
function grow(file: Buffer): Buffer {
  return Buffer.concat([file, Buffer.of(0)]);
}
function set(at: number, value: number) {
  return (file: Buffer): Buffer => {
    const changed = Buffer.from(file);
    changed.writeUInt8(value, at < 0 ? file.length + at : at);
    return changed;
  };
}
function replace(content: Buffer) {
  return (): Buffer => content;
}
/** What a failed download leaves in place of a file. */
export const page = Buffer.from('<!DOCTYPE html><title>404</title> not found, try again later');

/** What can happen to any of several files. */
function toEach(
  names: readonly string[],
  alterations: readonly (readonly [string, (file: Buffer) => Buffer])[],
): Damage[] {
  return names.flatMap((name) => [
    { what: `${name} is missing`, damage: remove(name), named: name },
    ...alterations.map(([what, alter]) => ({ what: `${name} ${what}`, damage: change(name, alter), named: name })),
  ]);
}

const idxDamages: readonly Damage[] = [
  ...toEach(Object.keys(idxFiles()), [
    ['is cut by one byte', cut(1)],
    ['ends within its header', keep(6)],
    ['is empty', keep(0)],
    ['is too long', grow],
    ['has a wrong magic number', set(2, 0x0d)],
    ['is a web page', replace(page)],
    ['announces more than it has', set(4, 1)],
    ['is a gzip file that is cut', (file) => cut(5)(gzipSync(file))],
  ]),
  {
    what: 'a training label is far out of range',
    damage: change('train-labels-idx1-ubyte', set(-1, 200)),
    named: '"3"',
  },
  {
    what: 'a test label is out of range',
    damage: change('t10k-labels-idx1-ubyte', set(-1, 3)),
    named: 'that of image 5 is 3',
  },
  {
    what: 'a class has one training image',
    damage: change('train-labels-idx1-ubyte', () => idxFile([9], Buffer.of(0, 1, 2, 0, 1, 0, 0, 1, 0))),
    named: 'class "2" has 1 image in the training part',
  },
  {
    what: 'a class has no test images',
    damage: change('t10k-labels-idx1-ubyte', () => idxFile([6], Buffer.of(0, 0, 0, 1, 1, 1))),
    named: 'class "2" has no images in the test part',
  },
  {
    what: 'the splits have images of two sizes',
    damage: change('t10k-images-idx3-ubyte', () => idxFile([6, 5, 4], pattern(120))),
    named: 't10k-images-idx3-ubyte',
  },
  {
    what: 'there are more labels than images',
    damage: change('train-labels-idx1-ubyte', () => idxFile([10], Buffer.alloc(10))),
    named: '10 labels do not fit the 9 images',
  },
  {
    what: 'a file is there plain and gzipped',
    damage: (files) => void (files['train-labels-idx1-ubyte.gz'] = gzipSync(fileOf(files, 'train-labels-idx1-ubyte'))),
    named: 'train-labels-idx1-ubyte[.gz] is there 2 times',
  },
  {
    what: 'a file name has a line break',
    damage: (files) => void (files['train\nlabels'] = Buffer.of(1)),
    named: String.raw`train\nlabels`,
  },
];

const cifar10Damages: readonly Damage[] = [
  ...toEach(
    ['data_batch_2.bin', 'test_batch.bin'],
    [
      ['is cut by one byte', cut(1)],
      ['is empty', keep(0)],
      ['is too long', grow],
      ['is a web page', replace(page)],
      ['has a label out of range', set(0, 10)],
    ],
  ),
  {
    what: 'a batch is cut between two images',
    damage: change('data_batch_4.bin', cut(3073)),
    named: 'data_batch_4.bin',
  },
  { what: 'the test lacks a class', damage: change('test_batch.bin', cut(3073)), named: 'class "9"' },
];

const cifar100Damages: readonly Damage[] = toEach(
  ['train.bin', 'test.bin'],
  [
    ['is cut by one byte', cut(1)],
    ['has a coarse label out of range', set(0, 20)],
    ['has a fine label out of range', set(1, 100)],
  ],
);

function array(name: string, content: Buffer): Damage['damage'] {
  return change(name, () => content);
}
/** Damages of the arrays of a NumPy archive. */
export const npzDamages: readonly Damage[] = [
  ...Object.keys(npzArrays()).flatMap((name): Damage[] => [
    { what: `${name} is missing`, damage: remove(name), named: name },
    { what: `${name} is cut`, damage: change(name, cut(1)), named: name },
    { what: `${name} is too long`, damage: change(name, grow), named: name },
    { what: `${name} has a wrong magic number`, damage: change(name, set(1, 0x6e)), named: name },
    { what: `${name} has an unknown version`, damage: change(name, set(6, 9)), named: name },
  ]),
  {
    what: 'images are floats',
    damage: array('x_train.npy', npyFile('<f4', [9, 4, 5, 3], pattern(2160))),
    named: 'x_train.npy',
  },
  { what: 'images are flat', damage: array('x_test.npy', npyFile('|u1', [6, 60], pattern(360))), named: 'x_test.npy' },
  {
    what: 'there are no images',
    damage: array('x_train.npy', npyFile('|u1', [0, 4, 5, 3], Buffer.of())),
    named: 'x_train.npy',
  },
  { what: 'labels are objects', damage: array('y_test.npy', npyFile('|O', [6], pattern(90))), named: 'y_test.npy' },
  {
    what: 'labels are one-hot',
    damage: array('y_train.npy', npyFile('|u1', [9, 3], pattern(27))),
    named: 'y_train.npy',
  },
  {
    what: 'a label is negative',
    damage: array('y_train.npy', npyFile('|i1', [9], Buffer.alloc(9, 255))),
    named: 'is -1',
  },
  {
    what: 'labels are fewer than images',
    damage: array('y_test.npy', npyFile('|u1', [5], Buffer.alloc(5))),
    named: '5 labels',
  },
  { what: 'a test label is out of range', damage: change('y_test.npy', set(-1, 3)), named: 'that of image 5 is 3' },
  {
    what: 'the splits have images of two sizes',
    damage: array('x_test.npy', npyFile('|u1', [6, 5, 4, 3], pattern(360))),
    named: '5 x 4 x 3',
  },
];

/** Damages of the archive itself, made of the whole arrays. */
export const archiveDamages: readonly (readonly [string, (archive: Buffer) => Buffer])[] = [
  ['is cut', cut(40)],
  ['is empty', keep(0)],
  ['is a web page', replace(page)],
  ['has a flipped bit in an image', (archive) => set(300, archive.readUInt8(300) ^ 1)(archive)],
  ['has an entry twice', () => zipFile([...Object.entries(npzArrays()), ...Object.entries(npzArrays())])],
];

const oddNames = ['new\nline.png', 'tab\t.png', 'back\\slash.png', 'bidi\u202egnp.png', 'escape\u001b[2J.png'];
const folderDamages: readonly Damage[] = [
  ...toEach(
    ['train/birch/1.jpeg', 'train/birch/0.png', 'train/birch/2.webp'],
    [
      ['is cut to half', (file) => file.subarray(0, file.length / 2)],
      ['is empty', keep(0)],
      ['is a web page', replace(page)],
      ['has nothing but its signature', keep(12)],
    ],
  ).filter(({ what }) => !what.endsWith('missing')),
  {
    what: 'a checksum is wrong',
    damage: change('train/ash/0.png', (file) => set(-13, file.readUInt8(file.length - 13) ^ 1)(file)),
    named: 'train/ash/0.png',
  },
  {
    what: 'an image is a drawing',
    damage: (files) => void (files['test/ash/a.png'] = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')),
    named: 'a.png',
  },
  {
    what: 'an image is a GIF file',
    damage: (files) => void (files['test/ash/a.gif'] = Buffer.from('GIF89a;')),
    named: 'a.gif',
  },
  {
    what: 'a text lies among the images',
    damage: (files) => void (files['train/cedar/labels.txt'] = page),
    named: 'labels.txt',
  },
  {
    what: 'a class folder holds a folder',
    damage: (files) => void (files['train/cedar/more/0.png'] = page),
    named: 'train/cedar/more',
  },
  {
    what: 'a class has no training folder',
    damage: (files) => void (files['test/oak/0.png'] = fileOf(files, 'test/ash/0.png')),
    named: '"oak"',
  },
  { what: 'a class has no test folder', damage: remove('test/birch/0.png'), named: '"birch"' },
  {
    what: 'a class has one training image',
    damage: (files) =>
      [1, 2, 3, 4].forEach((index) =>
        remove(Object.keys(files).find((name) => name.startsWith(`train/ash/${index}`)) ?? '')(files),
      ),
    named: 'class "ash" has 1 image in the training part',
  },
  ...oddNames.map((name) => ({
    what: `a file is called ${JSON.stringify(name)}`,
    damage: (files: Files): void => void (files[`train/ash/${name}`] = fileOf(files, 'train/ash/0.png')),
    named: 'odd characters',
  })),
  {
    what: 'a class has an odd name',
    damage: (files) => void (files['train/a\u0007sh/0.png'] = fileOf(files, 'train/ash/0.png')),
    named: String.raw`a\u0007sh`,
  },
];

/** Every kind of data set in a folder, with its damages. */
export const damagedKinds = [
  { kind: 'idx', dataset: 'idx:set', whole: () => Promise.resolve(idxFiles()), damages: idxDamages },
  { kind: 'cifar10', dataset: 'cifar10:set', whole: () => Promise.resolve(cifar10Files()), damages: cifar10Damages },
  {
    kind: 'cifar100',
    dataset: 'cifar100:set',
    whole: () => Promise.resolve(cifar100Files()),
    damages: cifar100Damages,
  },
  {
    kind: 'folder',
    dataset: 'folder:set?size=8',
    whole: async () => ({ ...(await imageFiles('train/')), ...(await imageFiles('test/', 1)) }),
    damages: folderDamages,
  },
] as const;
