import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateSync } from 'node:zlib';

import sharp from 'sharp';
import { describe, expect, it } from 'vitest';

import { findDataset, loadDataset } from '../../../src/index.ts';
import { flatImage, imageFiles, refusal, temporaryData } from '../../written-datasets.ts';

function pngChunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), content]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A PNG of two rows, each `row`, written by the specification (https://www.w3.org/TR/png/). */
function png(mode: { depth: number; colour: number; row: readonly number[]; chunks?: readonly Buffer[] }): Buffer {
  const header = Buffer.of(0, 0, 0, 2, 0, 0, 0, 2, mode.depth, mode.colour, 0, 0, 0);
  const rows = Buffer.from([0, ...mode.row, 0, ...mode.row]);
  return Buffer.concat([
    Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk('IHDR', header),
    ...(mode.chunks ?? []),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.of()),
  ]);
}

const palette = [pngChunk('PLTE', Buffer.of(10, 20, 30, 200, 100, 50)), pngChunk('tRNS', Buffer.of(0))];

/** Two pixels side by side in every mode, and what they are in sRGB over white. */
const modes: readonly (readonly [string, Buffer, readonly number[]])[] = [
  ['1 bit grey', png({ depth: 1, colour: 0, row: [0x40] }), [0, 0, 0, 255, 255, 255]],
  ['8 bit grey', png({ depth: 8, colour: 0, row: [7, 250] }), [7, 7, 7, 250, 250, 250]],
  ['16 bit grey', png({ depth: 16, colour: 0, row: [0x64, 0x64, 0xff, 0xff] }), [100, 100, 100, 255, 255, 255]],
  ['8 bit colour', png({ depth: 8, colour: 2, row: [1, 2, 3, 250, 251, 252] }), [1, 2, 3, 250, 251, 252]],
  [
    '16 bit colour',
    png({ depth: 16, colour: 2, row: [1, 1, 2, 2, 3, 3, 0x80, 0x80, 0, 0, 0xff, 0xff] }),
    [1, 2, 3, 128, 0, 255],
  ],
  [
    'a palette with a clear colour',
    png({ depth: 8, colour: 3, row: [0, 1], chunks: palette }),
    [255, 255, 255, 200, 100, 50],
  ],
  ['8 bit grey and alpha', png({ depth: 8, colour: 4, row: [90, 0, 90, 255] }), [255, 255, 255, 90, 90, 90]],
  [
    '16 bit grey and alpha',
    png({ depth: 16, colour: 4, row: [90, 90, 0, 0, 90, 90, 255, 255] }),
    [255, 255, 255, 90, 90, 90],
  ],
  ['8 bit colour and alpha', png({ depth: 8, colour: 6, row: [9, 8, 7, 0, 9, 8, 7, 255] }), [255, 255, 255, 9, 8, 7]],
];

describe('images of a folder', () => {
  it.each(modes)('are brought from %s to sRGB over white', async (_, image, [r1, g1, b1, r2, g2, b2]) => {
    const { access, write } = await temporaryData();
    await write('set', { ...(await imageFiles('train/')), ...(await imageFiles('test/')) });
    await write('set', { 'train/ash/-first.png': image });
    const { train } = await loadDataset('folder:set?size=2', access);
    const pixels = [r1, g1, b1, r2, g2, b2];
    expect([...train.images.subarray(0, 12)]).toEqual([...pixels, ...pixels]);
  });

  it('become their luminance where one channel is asked for', async () => {
    const { access, write } = await temporaryData();
    await write('set', { ...(await imageFiles('train/')), ...(await imageFiles('test/')) });
    const image = png({ depth: 16, colour: 0, row: [0x64, 0x64, 0xff, 0xff] });
    await write('set', { 'train/ash/-first.png': image });
    const { image: shape, train } = await loadDataset('folder:set?size=2&channels=1', access);
    expect(shape).toEqual({ height: 2, width: 2, channels: 1 });
    expect([...train.images.subarray(0, 4)]).toEqual([100, 255, 100, 255]);
  });

  it('keep their aspect ratio: what is too long is cut off at both ends', async () => {
    const { access, write } = await temporaryData();
    await write('set', { ...(await imageFiles('train/')), ...(await imageFiles('test/')) });
    // 12 x 4: four red columns, four green ones, four blue ones; the middle square is green.
    const raw = Buffer.concat(
      Array.from({ length: 4 }, () =>
        Buffer.from(
          [
            [200, 0, 0],
            [0, 200, 0],
            [0, 0, 200],
          ].flatMap((colour) => Array.from({ length: 4 }, () => colour).flat()),
        ),
      ),
    );
    const wide = await sharp(raw, { raw: { width: 12, height: 4, channels: 3 } })
      .png()
      .toBuffer();
    await write('set', { 'train/ash/-first.png': wide });
    const { train } = await loadDataset('folder:set?size=4', access);
    for (let pixel = 0; pixel < 16; pixel++) {
      expect([...train.images.subarray(pixel * 3, pixel * 3 + 3)]).toEqual([0, 200, 0]);
    }
  });

  it('may have another height than width, the height first', async () => {
    const { access, write } = await temporaryData();
    await write('set', await imageFiles());
    const { image } = await findDataset('folder:set?size=4x6', access);
    expect(image).toEqual({ height: 4, width: 6, channels: 3 });
    expect((await loadDataset('folder:set?size=4x6', access)).train.images.length).toBe(12 * 4 * 6 * 3);
  });

  it.each([
    '',
    '?',
    '?size',
    '?size=',
    '?size=0',
    '?size=1025',
    '?size=4x',
    '?size=-4',
    '?size=4&size=4',
    '?side=4',
    '?size=4&channels=2',
  ])('need a size that can be used, unlike %j', async (options) => {
    const { access, write } = await temporaryData();
    await write('set', await imageFiles());
    const name = `folder:set${options}`;
    await refusal(name, findDataset(name, access));
    await refusal(name, loadDataset(name, access));
  });
});

describe('the classes and splits of a folder', () => {
  it('are those of train and test, in the order of the names', async () => {
    const { access, write } = await temporaryData();
    await write('set', { ...(await imageFiles('train/')), ...(await imageFiles('test/', 2)) });
    await write('set', {
      'README.md': Buffer.from('words'),
      'train/.DS_Store': Buffer.of(1),
      'sketches/ash/x': Buffer.of(1),
    });
    const dataset = await loadDataset('folder:set?size=4', access);
    expect(dataset.classes).toBe(3);
    expect([...dataset.train.labels]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
    expect([...dataset.test.labels]).toEqual([0, 0, 1, 1, 2, 2]);
    // The third image of birch: red 80, green 40.
    const start = 7 * 48;
    expect([...dataset.train.images.subarray(start, start + 3)]).toEqual([80, 40, 200]);
    expect((await findDataset('folder:set?size=4', access)).trainingClasses).toEqual(
      ['ash', 'birch', 'cedar'].map((name) => ({ name, images: 5 })),
    );
  });

  it('put a fifth of each class into the test by the hash of the names, where there is no folder test', async () => {
    const { access, write } = await temporaryData();
    const files: Record<string, Buffer> = {};
    for (let index = 0; index < 10; index++) {
      files[`ash/${index}.png`] = await flatImage('png', [index, 0, 0]);
      files[`oak/${index}.png`] = await flatImage('png', [100 + index, 0, 0]);
    }
    await write('set', files);
    const { train, test } = await loadDataset('folder:set?size=1', access);
    const hash = (index: number): string => createHash('sha256').update(`${index}.png`).digest('hex');
    const chosen = [...Array(10).keys()].sort((one, other) => (hash(one) < hash(other) ? -1 : 1)).slice(0, 2);
    chosen.sort((one, other) => one - other);
    expect([...test.images].filter((_, index) => index % 3 === 0)).toEqual([
      ...chosen,
      ...chosen.map((red) => 100 + red),
    ]);
    expect([train.count, test.count]).toEqual([16, 4]);
  });

  it('follow links to images within the root and refuse those that lead out', async () => {
    const { access, dataRoot, folder, write } = await temporaryData();
    await write('set', await imageFiles());
    await write('more', { 'picture.png': await flatImage('png', [1, 2, 3]) });
    await symlink('../../more/picture.png', join(dataRoot, 'set/ash/linked.png'));
    expect((await findDataset('folder:set?size=2', access)).trainingImages).toBe(13);
    await write('../secret', { 'picture.png': await flatImage('png', [1, 2, 3]) });
    await symlink(join(folder, 'secret/picture.png'), join(dataRoot, 'set/ash/out.png'));
    const { message } = await refusal('folder:set?size=2', findDataset('folder:set?size=2', access));
    expect(message).toContain('"set/ash/out.png" is a link that leads out of the data root');
  });

  it('never wait for a named pipe', async () => {
    const { access, dataRoot, write } = await temporaryData();
    await write('set', await imageFiles());
    await promisify(execFile)('mkfifo', [join(dataRoot, 'set/ash/pipe.png')]);
    expect((await refusal('folder:set?size=2', loadDataset('folder:set?size=2', access))).message).toContain(
      'pipe.png',
    );
  });
});

describe('the cache of decoded images', () => {
  it('decodes once, tells the progress, and gives the same bytes from the cache', async () => {
    const { access, cacheFolder, write } = await temporaryData();
    await write('set', await imageFiles());
    const seen: string[] = [];
    const onProgress = (done: number, total: number): void => void seen.push(`${done}/${total}`);
    const first = await loadDataset('folder:set?size=4', { ...access, onProgress });
    expect(seen).toEqual(Array.from({ length: 15 }, (_, index) => `${index + 1}/15`));
    expect(await readdir(cacheFolder)).toHaveLength(1);
    const second = await loadDataset('folder:set?size=4', { ...access, onProgress });
    expect(seen).toHaveLength(15);
    expect(second).toEqual(first);
  });

  it('notices a file that was replaced by one of the same size and time', async () => {
    const { access, dataRoot, write } = await temporaryData();
    await write('set', await imageFiles());
    const file = join(dataRoot, 'set/ash/0.png');
    const [one, other] = [await flatImage('png', [1, 2, 3]), await flatImage('png', [3, 2, 1])];
    expect(one.length).toBe(other.length);
    const time = new Date('2020-02-02T00:00:00Z');
    await writeFile(file, one);
    await utimes(file, time, time);
    const before = await loadDataset('folder:set?size=2', access);
    await writeFile(file, other);
    await utimes(file, time, time);
    expect((await loadDataset('folder:set?size=2', access)).contentHash).not.toBe(before.contentHash);
  });

  it('decodes again where its file is damaged or cut, and mends it', async () => {
    const { access, cacheFolder, write } = await temporaryData();
    await write('set', await imageFiles());
    const { contentHash } = await loadDataset('folder:set?size=4', access);
    const [name = ''] = await readdir(cacheFolder);
    const file = join(cacheFolder, name);
    const whole = await readFile(file);
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(flipped.readUInt8(50) ^ 1, 50);
    for (const damaged of [flipped, whole.subarray(0, -1), Buffer.of()]) {
      await writeFile(file, damaged);
      expect((await loadDataset('folder:set?size=4', access)).contentHash).toBe(contentHash);
      expect(await readFile(file)).toEqual(whole);
    }
  });

  it('is filled by several at once, and leaves no temporary file', async () => {
    const { access, cacheFolder, write } = await temporaryData();
    await write('set', await imageFiles());
    const loaded = await Promise.all(Array.from({ length: 4 }, () => loadDataset('folder:set?size=4', access)));
    expect(new Set(loaded.map(({ contentHash }) => contentHash)).size).toBe(1);
    expect(await readdir(cacheFolder)).toHaveLength(1);
  });

  it('is not needed: where it cannot be written, images are decoded every time', async () => {
    const { access, dataRoot, folder, write } = await temporaryData();
    await write('set', await imageFiles());
    await writeFile(join(folder, 'a-file'), 'no folder');
    const blocked = { dataRoot, cacheFolder: join(folder, 'a-file') };
    const expected = await loadDataset('folder:set?size=4', access);
    expect(await loadDataset('folder:set?size=4', blocked)).toEqual(expected);
  });

  it('gives the same data set for the same files in another place', async () => {
    const { access, dataRoot, cacheFolder, write } = await temporaryData();
    await write('set', await imageFiles());
    const { contentHash } = await loadDataset('folder:set?size=4', access);
    await rename(join(dataRoot, 'set'), join(dataRoot, 'moved'));
    await rm(cacheFolder, { recursive: true });
    expect((await loadDataset('folder:moved?size=4', access)).contentHash).toBe(contentHash);
  });
});
