import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { findDataset, loadDataset } from '../../../src/index.ts';
import { type Files, idxFile, idxFiles, pattern, refusal, temporaryData } from '../../written-datasets.ts';

const images = 'train-images-idx3-ubyte';

function header(file: Buffer): Buffer {
  return file.subarray(0, 16);
}

/** What must be refused: files in place of others, the sentence and what the remedy names. */
const refused: readonly (readonly [string, Files, string, string])[] = [
  [
    'images with the channels first',
    { [images]: idxFile([9, 3, 16, 16], pattern(6912)) },
    `set/${images}: its shape (9, 3, 16, 16) has the channels first.`,
    'Save np.transpose(x, (0, 2, 3, 1))',
  ],
  [
    'images of 5 channels',
    { [images]: idxFile([9, 8, 8, 5], pattern(2880)) },
    `set/${images}: its images have 5 channels, but 1, 3 and 4 are usual.`,
    'put ?channels=5 after the name',
  ],
  [
    'a gzip file with bytes after its end',
    { [images]: Buffer.concat([gzipSync(idxFile([9, 4, 5], pattern(180))), Buffer.from('more')]) },
    `set/${images}: cannot be decompressed: `,
    'Fetch the file again',
  ],
  [
    'a gzip file that holds more than its header says',
    { [images]: gzipSync(Buffer.concat([idxFile([9, 4, 5], pattern(180)), Buffer.of(1)])) },
    `set/${images}: the header announces 9 x 4 x 5 = 180 bytes, but 181 follow it.`,
    'Fetch the file again',
  ],
  [
    'a gzip file that announces more than 2 GiB',
    { [images]: gzipSync(header(idxFile([2049, 1024, 1024], Buffer.of()))) },
    `set/${images} takes 2,148,532,224 bytes; at most 2 GiB are supported.`,
    'smaller images or fewer of them',
  ],
  [
    'labels that are all the same',
    {
      'train-labels-idx1-ubyte': idxFile([9], Buffer.alloc(9)),
      't10k-labels-idx1-ubyte': idxFile([6], Buffer.alloc(6)),
    },
    'idx:set: all training images are of class "0", so nothing is to be told apart.',
    'at least two classes',
  ],
];

describe('IDX files that could be misread', () => {
  it.each(refused)('with %s are refused', async (_, files, sentence, remedy) => {
    const { access, write } = await temporaryData();
    await write('set', { ...idxFiles(), ...files });
    // What the headers do not show is found when the images are read.
    const reading = findDataset('idx:set', access).then(() => loadDataset('idx:set', access));
    const error = await refusal('idx:set', reading);
    expect(error.message.slice(0, sentence.length)).toBe(sentence);
    expect(error.remedy).toContain(remedy);
  });

  it('are taken with as many channels as are asked for', async () => {
    const { access, write } = await temporaryData();
    await write('set', {
      ...idxFiles(),
      [images]: idxFile([9, 8, 8, 5], pattern(2880)),
      't10k-images-idx3-ubyte': idxFile([6, 8, 8, 5], pattern(1920, 1)),
    });
    expect((await loadDataset('idx:set?channels=5', access)).image).toEqual({ height: 8, width: 8, channels: 5 });
  });

  it('of more than 2 GiB are called too large, without being read', async () => {
    const { access, write, dataRoot } = await temporaryData();
    await write('set', { ...idxFiles(), [images]: header(idxFile([2049, 1024, 1024], Buffer.of())) });
    const file = await open(join(dataRoot, 'set', images), 'r+');
    await file.truncate(16 + 2049 * 1024 * 1024);
    await file.close();
    const sentence = `set/${images} takes 2,148,532,224 bytes; at most 2 GiB are supported.`;
    expect((await refusal('idx:set', findDataset('idx:set', access))).message).toBe(sentence);
    expect((await refusal('idx:set', loadDataset('idx:set', access))).message).toBe(
      sentence.replace('2,148,532,224', '2,148,532,240'),
    );
  });
});
