import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { type Dataset, datasetNotes, findDataset, loadDataset } from '../../src/index.ts';
import {
  cifar10Files,
  cifar100Files,
  cifarRecords,
  cyclicLabels,
  idxFile,
  idxFiles,
  imageFiles,
  npyFile,
  npzArrays,
  pattern,
  refusal,
  temporaryData,
  zipFile,
} from '../written-datasets.ts';

async function expectDescribed(dataset: Dataset, access: { dataRoot: string; cacheFolder: string }): Promise<void> {
  const description = await findDataset(dataset.name, access);
  expect(description).toMatchObject({
    name: dataset.name,
    image: dataset.image,
    classes: dataset.classes,
    trainingImages: dataset.train.count,
    testImages: dataset.test.count,
  });
  const images = description.trainingClasses?.map((entry) => entry.images);
  expect(images).toEqual(
    Array.from(
      { length: dataset.classes },
      (_, label) => dataset.train.labels.filter((other) => other === label).length,
    ),
  );
}

describe('a data set of IDX files', () => {
  it('has the images and labels of its files, plain or gzipped', async () => {
    const { access, write } = await temporaryData();
    const files = idxFiles();
    await write('plain', files);
    await write(
      'zipped',
      Object.fromEntries(Object.entries(files).map(([name, file]) => [`${name}.gz`, gzipSync(file)])),
    );
    const plain = await loadDataset('idx:plain', access);
    expect(plain).toMatchObject({ image: { height: 4, width: 5, channels: 1 }, classes: 3 });
    expect(plain.train).toMatchObject({ count: 9, labels: cyclicLabels(9, 3) });
    expect([...plain.train.images]).toEqual([...pattern(180)]);
    expect([...plain.test.images]).toEqual([...pattern(120, 1)]);
    const zipped = await loadDataset('idx:zipped', access);
    expect(zipped.contentHash).toBe(plain.contentHash);
    await expectDescribed(plain, access);
    await expectDescribed(zipped, access);
  });

  it('may have the names of EMNIST and labels that count from 1', async () => {
    const { access, write } = await temporaryData();
    const files = idxFiles();
    const add = (file: Buffer): Buffer => Buffer.from(file.map((byte, index) => (index < 8 ? byte : byte + 1)));
    await write('letters', {
      'emnist-letters-train-images-idx3-ubyte': files['train-images-idx3-ubyte'] ?? Buffer.of(),
      'emnist-letters-train-labels-idx1-ubyte': add(files['train-labels-idx1-ubyte'] ?? Buffer.of()),
      'emnist-letters-test-images-idx3-ubyte': files['t10k-images-idx3-ubyte'] ?? Buffer.of(),
      'emnist-letters-test-labels-idx1-ubyte': add(files['t10k-labels-idx1-ubyte'] ?? Buffer.of()),
    });
    const letters = await loadDataset('idx:letters', access);
    expect(letters.classes).toBe(3);
    expect(letters.train.labels).toEqual(cyclicLabels(9, 3));
    await expectDescribed(letters, access);
  });

  it('lists every file that is missing', async () => {
    const { access, write } = await temporaryData();
    await write('part', { 'train-images-idx3-ubyte': idxFile([1, 1, 1], Buffer.of(1)) });
    const { message } = await refusal('idx:part', findDataset('idx:part', access));
    for (const name of ['train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1']) {
      expect(message).toContain(`${name}-ubyte[.gz] is missing`);
    }
  });
});

describe('a data set of CIFAR files', () => {
  it('has the planes of CIFAR-10 side by side, batch after batch', async () => {
    const { access, write } = await temporaryData();
    await write('c10', cifar10Files());
    const dataset = await loadDataset('cifar10:c10', access);
    expect(dataset).toMatchObject({ image: { height: 32, width: 32, channels: 3 }, classes: 10 });
    expect([dataset.train.count, dataset.test.count]).toEqual([50, 10]);
    // Image 23 is the fourth of the third batch.
    const planes = pattern(3072, 23);
    const at = (row: number, column: number, channel: number): number =>
      dataset.train.images[23 * 3072 + (row * 32 + column) * 3 + channel] ?? -1;
    for (const [row, column] of [
      [0, 0],
      [3, 17],
      [31, 31],
    ] as const) {
      for (const channel of [0, 1, 2]) {
        expect(at(row, column, channel)).toBe(planes[channel * 1024 + row * 32 + column]);
      }
    }
    expect(dataset.train.labels[23]).toBe(3);
    await expectDescribed(dataset, access);
  });

  it('takes the fine labels of CIFAR-100', async () => {
    const { access, write } = await temporaryData();
    await write('c100', cifar100Files());
    const dataset = await loadDataset('cifar100:c100', access);
    expect(dataset.classes).toBe(100);
    expect(dataset.train.labels).toEqual(cyclicLabels(200, 100));
    await expectDescribed(dataset, access);
  });

  it('finds a batch that was cut between two images', async () => {
    const { access, write } = await temporaryData();
    await write('c10', { ...cifar10Files(), 'data_batch_3.bin': cifarRecords([[0], [1]]) });
    const { message } = await refusal('cifar10:c10', findDataset('cifar10:c10', access));
    expect(message).toBe('c10/data_batch_3.bin has 6146 bytes, others have 30730.');
  });
});

describe('a data set in a NumPy archive', () => {
  it('has the arrays of its file, with labels of any integer type', async () => {
    const { access, dataRoot } = await temporaryData();
    const arrays = npzArrays();
    await writeFile(join(dataRoot, 'bytes.npz'), zipFile(Object.entries(arrays)));
    const wide = Buffer.from(BigInt64Array.from(cyclicLabels(9, 3), BigInt).buffer);
    const columns = npyFile('<i8', [9, 1], wide);
    await writeFile(join(dataRoot, 'wide.npz'), zipFile(Object.entries({ ...arrays, 'y_train.npy': columns })));
    const bytes = await loadDataset('npz:bytes.npz', access);
    expect(bytes).toMatchObject({ image: { height: 4, width: 5, channels: 3 }, classes: 3 });
    expect([...bytes.train.images]).toEqual([...pattern(540)]);
    expect(bytes.train.labels).toEqual(cyclicLabels(9, 3));
    expect((await loadDataset('npz:wide.npz', access)).contentHash).toBe(bytes.contentHash);
    await expectDescribed(bytes, access);
  });

  it('never reads an array of objects', async () => {
    const { access, dataRoot } = await temporaryData();
    const arrays = { ...npzArrays(), 'y_train.npy': npyFile('|O', [9], pattern(200)) };
    await writeFile(join(dataRoot, 'objects.npz'), zipFile(Object.entries(arrays)));
    const { message } = await refusal('npz:objects.npz', findDataset('npz:objects.npz', access));
    expect(message).toContain('labels are integers');
  });
});

describe('paths of data sets', () => {
  it.each([
    ['idx:', 'is empty'],
    ['idx:/etc', 'is absolute'],
    ['idx:C:/data', 'is absolute'],
    ['idx:~/data', 'is absolute'],
    ['idx:..', 'leads upwards'],
    ['idx:here/../../root', 'leads upwards'],
    ['folder:../pictures?size=8', 'leads upwards'],
    ['npz:a\0b', 'has characters'],
    ['npz:a\nb', 'has characters'],
    ['npz:a\\b', 'has characters'],
  ])('refuse %j, which %s', async (name, reason) => {
    const { access } = await temporaryData();
    expect((await refusal(name, findDataset(name, access))).message).toContain(reason);
    await refusal(name, loadDataset(name, access));
  });

  it('refuse links that lead out of the root, of folders and of files, and follow those within', async () => {
    const { access, dataRoot, folder, write } = await temporaryData();
    await write('../outside', idxFiles());
    await symlink(join(folder, 'outside'), join(dataRoot, 'link'));
    expect((await refusal('idx:link', loadDataset('idx:link', access))).message).toContain(
      'leads out of the data root',
    );
    const { 't10k-labels-idx1-ubyte': moved, ...others } = idxFiles();
    await write('inside', others);
    const labels = join(dataRoot, 'inside/t10k-labels-idx1-ubyte');
    await symlink(join(folder, 'outside/t10k-labels-idx1-ubyte'), labels);
    expect((await refusal('idx:inside', loadDataset('idx:inside', access))).message).toContain(
      'leads out of the data root',
    );
    await write('', { 'kept-labels': moved ?? Buffer.of() });
    await write('linked', others);
    await symlink('../kept-labels', join(dataRoot, 'linked/t10k-labels-idx1-ubyte'));
    expect((await loadDataset('idx:linked', access)).test.count).toBe(6);
  });

  it('do not betray a prefix of the root as the root', async () => {
    const { access, dataRoot, write } = await temporaryData();
    await write('../root-of-others', idxFiles());
    await symlink('../root-of-others', join(dataRoot, 'near'));
    expect((await refusal('idx:near', loadDataset('idx:near', access))).message).toContain('leads out');
  });

  it('say what is not there, the root itself too', async () => {
    const { access, folder } = await temporaryData();
    const absent = await refusal('idx:nothing', findDataset('idx:nothing', access));
    expect(absent).toMatchObject({ code: 'UNKNOWN_DATASET', message: 'There is no "nothing" in the data root.' });
    const rootless = { dataRoot: join(folder, 'gone') };
    expect((await refusal('idx:nothing', findDataset('idx:nothing', rootless))).remedy).toContain('DATA_ROOT');
  });
});

describe('the note on unbalanced classes', () => {
  it('names the largest and the smallest class where one is half as large again', async () => {
    const { access, write } = await temporaryData();
    await write('', { ...(await imageFiles('trees/train/')), ...(await imageFiles('trees/test/', 1)) });
    const even = await findDataset('folder:trees?size=4', access);
    expect(datasetNotes(even)).toEqual([]);
    const files = await imageFiles('trees/train/', 8);
    await write('', Object.fromEntries(Object.entries(files).filter(([name]) => name.includes('birch'))));
    expect(datasetNotes(await findDataset('folder:trees?size=4', access))).toEqual([
      expect.stringContaining('"birch" has 8 images to train on, "ash" has 5 images (1.6 times fewer)'),
    ]);
  });
});
