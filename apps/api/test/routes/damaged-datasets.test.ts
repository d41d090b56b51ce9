import { mkdtempSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { type Problem, searchViewSchema } from '@compound-search/contracts';
import { afterAll, describe, expect, it } from 'vitest';

import { archiveDamages, damagedKinds, npzDamages } from '../../../../packages/datasets/test/damages.ts';
import {
  cyclicLabels,
  type Files,
  imageFiles,
  npyFile,
  npzArrays,
  pattern,
  zipFile,
} from '../../../../packages/datasets/test/written-datasets.ts';
import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { useService } from '../service.ts';

const folder = mkdtempSync(join(tmpdir(), 'damaged-datasets-'));
const dataRoot = join(folder, 'root');
const service = useService({
  datasets: { dataRoot, cacheFolder: join(folder, 'cache'), patienceMilliseconds: 60_000 },
});
afterAll(() => rm(folder, { recursive: true }));

let written = 0;

/** Writes files below the data root, in a folder of their own, and gives its name. */
async function write(files: Files): Promise<string> {
  const name = `set-${++written}`;
  for (const [file, content] of Object.entries(files)) {
    const path = join(dataRoot, name, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return name;
}

/** The smallest split: each data set here has 3 classes or more, and two training images of each. */
function split(classes: number) {
  return { trainImages: classes, validationImages: classes };
}
function classesOf(dataset: string): number {
  if (dataset.startsWith('cifar100:')) return 100;
  return dataset.startsWith('cifar10:') ? 10 : 3;
}

function start(dataset: string) {
  return service().app.inject({
    method: 'POST',
    url: '/v1/searches',
    payload: sampleRequest({ dataset, split: split(classesOf(dataset)), recipe: { batchSize: 1 } }),
  });
}

/** Posts a search on a damaged data set, and holds the answer to what every refusal must be. */
async function expectRefusal(dataset: string, named: string): Promise<void> {
  const rows = await service().countRows();
  const queued = await service().queue.counts();
  const response = await start(dataset);
  const problem = response.json<Problem>();
  expect({ status: response.statusCode, problem }).toMatchObject({ status: 422, problem: { status: 422 } });
  expect(['DATASET_INVALID', 'UNKNOWN_DATASET', 'SPLIT_INVALID']).toContain(problem.code);
  expect(problem.detail).toContain(named);
  expect(problem).toMatchObject({ field: 'dataset', value: dataset });
  expect(problem.remedy).toMatch(/\.$/);
  expect(await service().countRows()).toBe(rows);
  expect(await service().queue.counts()).toEqual(queued);
}

describe.each(damagedKinds)('a search over a data set of kind $kind', ({ dataset, whole, damages }) => {
  const nameIn = (set: string): string => dataset.replace('set', set);

  it('starts while the data set is whole', async () => {
    const response = await start(nameIn(await write(await whole())));
    expect(response.statusCode).toBe(202);
    expect(searchViewSchema.parse(response.json()).trials.total).toBeGreaterThan(0);
  });

  it.each(damages)('is refused, and nothing stored, where $what', async ({ damage, named }) => {
    const files: Files = { ...(await whole()) };
    damage(files);
    await expectRefusal(nameIn(await write(files)), named);
  });
});

describe('a search over a data set of kind npz', () => {
  const archive = async (content: Buffer): Promise<string> => `npz:${await write({ 'set.npz': content })}/set.npz`;

  it('starts while the data set is whole', async () => {
    const response = await start(await archive(zipFile(Object.entries(npzArrays()))));
    expect(response.statusCode).toBe(202);
  });

  it('notes what the headers say and what only the images show, both once, and keeps it', async () => {
    const arrays = {
      ...npzArrays(),
      'x_test.npy': npyFile('|u1', [6, 4, 5, 3], pattern(360)),
      'y_train.npy': npyFile(
        '|u1',
        [9],
        cyclicLabels(9, 3).map((label) => label + 1),
      ),
      'y_test.npy': npyFile(
        '|u1',
        [6],
        cyclicLabels(6, 3).map((label) => label + 1),
      ),
    };
    const dataset = await archive(zipFile(Object.entries(arrays)));
    const started = await start(dataset);
    expect(started.statusCode).toBe(202);
    const search = await service().app.inject(started.headers.location ?? '');
    const notes = searchViewSchema.parse(search.json()).notes;
    expect(notes.filter((note) => note.startsWith('The labels count from 1'))).toHaveLength(1);
    expect(notes).toContain(
      `6 of the test images of ${dataset} are among its training images too, pixel for pixel: ` +
        'the test accuracy comes out too high.',
    );
  });

  it.each(npzDamages)('is refused, and nothing stored, where $what', async ({ damage, named }) => {
    const arrays: Files = { ...npzArrays() };
    damage(arrays);
    await expectRefusal(await archive(zipFile(Object.entries(arrays))), named);
  });

  it.each(archiveDamages)('is refused, and nothing stored, where the archive %s', async (_, alter) => {
    await expectRefusal(await archive(alter(zipFile(Object.entries(npzArrays())))), 'set.npz');
  });
});

describe('a search over many images', () => {
  it('leaves the service free to answer others while they are decoded', async () => {
    const set = await write(await imageFiles('', 60));
    let answered = false;
    const starting = start(`folder:${set}?size=64`).then((response) => {
      answered = true;
      return response;
    });
    expect((await service().app.inject('/v1/searches')).statusCode).toBe(200);
    expect(answered).toBe(false);
    expect((await starting).statusCode).toBe(202);
  });
});
