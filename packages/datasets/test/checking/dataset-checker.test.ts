import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { CompoundSearchError } from '@compound-search/contracts';
import { describe, expect, it, onTestFinished } from 'vitest';

import { createDatasetChecker, type DatasetChecker, type DatasetCheckerOptions, loadDataset } from '../../src/index.ts';
import { page } from '../damages.ts';
import { idxFiles, imageFiles, refusal, temporaryData } from '../written-datasets.ts';

const wholeData = expect.objectContaining({
  contentHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
}) as unknown;
const flowers = 'folder:set?size=8';

function checkerFor(options: DatasetCheckerOptions): DatasetChecker {
  const checker = createDatasetChecker({ patienceMilliseconds: 60_000, ...options });
  onTestFinished(() => checker.close());
  return checker;
}

async function faultOf(outcome: Promise<unknown>): Promise<CompoundSearchError> {
  const error: unknown = await outcome.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CompoundSearchError) return error;
  throw new Error('It was not refused as it should.', { cause: error });
}

/** Asks again and again, as clients do. */
async function untilReady(checker: DatasetChecker, dataset: string): Promise<{ waits: CompoundSearchError[] }> {
  const waits: CompoundSearchError[] = [];
  for (;;) {
    try {
      await checker.requireWhole(dataset);
      return { waits };
    } catch (error) {
      if (!(error instanceof CompoundSearchError) || error.code !== 'DATASET_NOT_READY') throw error;
      waits.push(error);
    }
  }
}

describe('createDatasetChecker', () => {
  it('takes a whole data set, decodes its images into the cache, and reads them from there the next time', async () => {
    const { access, cacheFolder, write } = await temporaryData();
    await write('set', await imageFiles());
    const checker = checkerFor(access);
    await checker.requireWhole(flowers);
    const kept = await readdir(cacheFolder);
    expect(kept).toEqual([expect.stringMatching(/\.pixels$/)]);
    const entry = join(cacheFolder, kept[0] ?? '');
    const { ino } = await stat(entry);
    await checker.requireWhole(flowers);
    // Had it decoded the images again, it would have put another file in the place of this one.
    expect((await stat(entry)).ino).toBe(ino);
    expect(await readdir(cacheFolder)).toEqual(kept);
  });

  it('needs no files for the data sets that come without any', async () => {
    const { folder } = await temporaryData();
    await expect(checkerFor({ dataRoot: join(folder, 'absent') }).requireWhole('shapes')).resolves.toEqual({
      contentHash: (await loadDataset('shapes')).contentHash,
      notes: [],
    });
  });

  it.each([
    ['an unknown format', 'tar:set', 'UNKNOWN_DATASET'],
    ['files that are not there', 'idx:absent', 'UNKNOWN_DATASET'],
    ['a path that leads out', 'idx:../set', 'DATASET_INVALID'],
  ])('refuses %s as loading does', async (_, dataset, code) => {
    const { access } = await temporaryData();
    expect(await refusal(dataset, checkerFor(access).requireWhole(dataset))).toMatchObject({ code });
  });

  it('says with each answer that it is not ready how far the reading is, and goes on meanwhile', async () => {
    const { access, write } = await temporaryData();
    await write('set', await imageFiles('', 40));
    const checker = checkerFor({ ...access, patienceMilliseconds: 5 });
    const { waits } = await untilReady(checker, flowers);
    expect(waits.length).toBeGreaterThan(0);
    expect(waits[0]).toMatchObject({
      field: 'dataset',
      value: flowers,
      remedy: expect.stringMatching(/\.$/) as string,
    });
    expect(waits.every(({ message }) => /is being read\.$|are being decoded: \d+ of 120\.$/.test(message))).toBe(true);
  });

  it('keeps what it found for a caller that asks again', async () => {
    const { access, write } = await temporaryData();
    await write('set', { ...(await imageFiles()), 'ash/9.png': page.subarray(0, 30) });
    const checker = checkerFor({ ...access, patienceMilliseconds: 5 });
    const { code, message } = await faultOf(untilReady(checker, flowers).then(() => undefined));
    expect({ code, message }).toEqual({
      code: 'DATASET_INVALID',
      message: expect.stringContaining('"set/ash/9.png"') as string,
    });
  });

  it('gives callers of one data set one reading, and reads mended files anew', async () => {
    const { access, write } = await temporaryData();
    const whole = idxFiles();
    await write('set', { ...whole, 'train-images-idx3-ubyte': page });
    const checker = checkerFor(access);
    const faults = await Promise.all([1, 2, 3].map(() => faultOf(checker.requireWhole('idx:set'))));
    expect(faults.map(({ code }) => code)).toEqual(['DATASET_INVALID', 'DATASET_INVALID', 'DATASET_INVALID']);
    await write('set', whole);
    await expect(checker.requireWhole('idx:set')).resolves.toEqual(wholeData);
  });

  it('answers those that wait when it closes', async () => {
    const { access, write } = await temporaryData();
    await write('set', await imageFiles());
    const checker = checkerFor(access);
    const waiting = faultOf(checker.requireWhole(flowers));
    await checker.close();
    expect((await waiting).code).toBe('DATASET_NOT_READY');
  });
});
