import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { type Dataset, datasetNotes, findDataset, loadDataset } from '../../../src/index.ts';
import { type Colour, type Files, flatImage, imageFiles, refusal, temporaryData } from '../../written-datasets.ts';

/** Images of those classes, each class of a colour of its own. */
async function classImages(names: readonly string[], { perClass = 3, under = '' } = {}): Promise<Files> {
  const files: Files = {};
  for (const [index, name] of names.entries()) {
    const colour: Colour = [index % 256, index >> 8, 99];
    const image = await flatImage('png', colour, 8);
    for (let copy = 0; copy < perClass; copy++) files[`${under}${name}/${copy}.png`] = image;
  }
  return files;
}

function classNamesOf({ trainingClasses = [] }: { trainingClasses?: readonly { name: string }[] }): string[] {
  return trainingClasses.map(({ name }) => name);
}

/** The first two values of the first image of each class, of training images in the order of the labels. */
function coloursOf({ train }: Dataset): number[] {
  const size = train.images.length / train.count;
  return [...new Set(train.labels)].map((label) => {
    const at = train.labels.findIndex((other) => other === label) * size;
    return (train.images[at] ?? 0) + 256 * (train.images[at + 1] ?? 0);
  });
}

describe('class folders', () => {
  it('that are numbers are in the order of the numbers', async () => {
    const { access, write } = await temporaryData();
    const names = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11'];
    await write('set', await classImages(names));
    expect(classNamesOf(await findDataset('folder:set?size=4', access))).toEqual(names);
    expect(coloursOf(await loadDataset('folder:set?size=4', access))).toEqual([...names.keys()]);
  });

  it.each([
    { written: ['10', '9', '010', '1'], ordered: ['1', '9', '010', '10'] },
    {
      written: ['99999999999999999999', '100000000000000000000'],
      ordered: ['99999999999999999999', '100000000000000000000'],
    },
    { written: ['10', '9', 'other'], ordered: ['10', '9', 'other'] },
    { written: ['n2', 'n10'], ordered: ['n10', 'n2'] },
  ])('called $written are in the order $ordered', async ({ written, ordered }) => {
    const { access, write } = await temporaryData();
    await write('set', await classImages(written));
    expect(classNamesOf(await findDataset('folder:set?size=4', access))).toEqual(ordered);
  });

  it('may be 257: class 256 does not become class 0', async () => {
    const { access, write } = await temporaryData();
    const names = Array.from({ length: 257 }, (_, index) => `${String(index + 1).padStart(3, '0')}.class`);
    await write('set', await classImages(names));
    const dataset = await loadDataset('folder:set?size=1', access);
    expect([dataset.classes, dataset.train.count, dataset.test.count]).toEqual([257, 514, 257]);
    expect([dataset.train.labels.at(-1), dataset.test.labels.at(-1)]).toEqual([256, 256]);
    expect(coloursOf(dataset)).toEqual([...names.keys()]);
  });
});

const composed = 'caf\u00e9';
const decomposed = 'cafe\u0301';

describe('names that differ in Unicode form only', () => {
  it('are never two classes', async () => {
    const { access, write } = await temporaryData();
    await write('forms', await classImages([composed, decomposed, 'tea']));
    const { message } = await refusal('folder:forms?size=8', findDataset('folder:forms?size=8', access));
    expect(message).toBe(
      String.raw`"forms" has class folders whose names differ in Unicode form only: "cafe\u0301"; "caf\u00e9".`,
    );
  });

  it.each([
    [composed, decomposed],
    [decomposed, composed],
  ])('are one class of train and test: %j and %j', async (inTrain, inTest) => {
    const { access, write } = await temporaryData();
    await write('set', await classImages([inTrain, 'tea'], { under: 'train/' }));
    await write('set', await classImages([inTest, 'tea'], { under: 'test/' }));
    expect(classNamesOf(await findDataset('folder:set?size=8', access))).toEqual([composed, 'tea']);
  });

  it.each([
    [composed, decomposed],
    [decomposed, composed],
  ])('name one path: %j finds %j', async (asked, written) => {
    const { access, write } = await temporaryData();
    await write(`shops/${written}/in`, await classImages(['a', 'b']));
    const dataset = await loadDataset(`folder:shops/${asked}/in?size=8`, access);
    expect(dataset.classes).toBe(2);
    await refusal(`folder:shops/${asked}/out?size=8`, findDataset(`folder:shops/${asked}/out?size=8`, access));
  });
});

describe('what systems leave behind', () => {
  it.each([
    '__MACOSX/cat/._0.png',
    'cat/._0.png',
    'cat/.DS_Store',
    'cat/Icon\r',
    'cat/Thumbs.db',
    'cat/thumbs.db',
    'cat/Thumbs.db:encryptable',
    'cat/ehthumbs.db',
    'cat/desktop.ini',
    'cat/Desktop.ini',
    'cat/0.png:Zone.Identifier',
    'cat/@eaDir/0.png/SYNOPHOTO_THUMB_M.jpg',
    'cat/.@__thumb/default0.png',
    '@eaDir/cat@SynoEAStream',
    '#recycle/cat/0.png',
    '@Recycle/cat/0.png',
    '$RECYCLE.BIN/S-1-5-21/0.png',
    'System Volume Information/IndexerVolumeGuid',
    'lost+found/#1234',
  ])('is passed over: %j', async (name) => {
    const { access, write, dataRoot } = await temporaryData();
    await write('set', await classImages(['cat', 'dog']));
    const clean = await loadDataset('folder:set?size=8', access);
    await mkdir(join(dataRoot, 'set', name, '..'), { recursive: true });
    await writeFile(join(dataRoot, 'set', name), 'x');
    const dataset = await loadDataset('folder:set?size=8', access);
    expect([dataset.classes, dataset.contentHash]).toEqual([2, clean.contentHash]);
  });
});

describe('a validation split in a folder of its own', () => {
  it.each(['val', 'valid', 'validation'])('is used as such where it is called %s', async (name) => {
    const { access, write } = await temporaryData();
    const set = [await imageFiles('train/'), await imageFiles(`${name}/`, 2), await imageFiles('test/', 1)];
    await write('set', Object.assign({}, ...set) as Files);
    const { train, validation, test } = await loadDataset('folder:set?size=4', access);
    expect([train.count, validation?.count, test.count]).toEqual([15, 6, 3]);
    expect([...(validation?.labels ?? [])]).toEqual([0, 0, 1, 1, 2, 2]);
    // Of birch and cedar the first image each: red 80 and 160, no green.
    expect([...(validation?.images.subarray(2 * 48, 2 * 48 + 2) ?? [])]).toEqual([80, 0]);
    expect([...(validation?.images.subarray(4 * 48, 4 * 48 + 2) ?? [])]).toEqual([160, 0]);
    const description = await findDataset('folder:set?size=4', access);
    expect(description.validationImages).toBe(6);
    expect(datasetNotes(description)[0]).toContain('brings its own validation split of 6 images');
  });

  it('must have every class, and there must be one', async () => {
    const { access, write } = await temporaryData();
    await write('set', { ...(await imageFiles('train/')), ...(await imageFiles('test/')) });
    await write('set', { 'val/ash/0.png': await flatImage('png', [1, 2, 3]) });
    const name = 'folder:set?size=4';
    expect((await refusal(name, findDataset(name, access))).message).toBe(
      '"set": validation has no folder "birch"; validation has no folder "cedar".',
    );
    await write('set', await imageFiles('valid/'));
    expect((await refusal(name, findDataset(name, access))).message).toBe(
      '"set" has more than one validation split: "val" and "valid".',
    );
  });
});
