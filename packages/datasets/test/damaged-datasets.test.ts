import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { loadDataset } from '../src/index.ts';
import { archiveDamages, damagedKinds, npzDamages, page } from './damages.ts';
import { type Files, imageFiles, npzArrays, refusal, temporaryData, zipFile } from './written-datasets.ts';

describe.each(damagedKinds)('a damaged data set of kind $kind', ({ dataset, whole, damages }) => {
  it('is accepted before it is damaged', async () => {
    const { access, write } = await temporaryData();
    await write('set', await whole());
    expect((await loadDataset(dataset, access)).train.count).toBeGreaterThan(0);
  });

  it.each(damages)('is refused where $what', async ({ damage, named }) => {
    const { access, write } = await temporaryData();
    const files: Files = { ...(await whole()) };
    damage(files);
    await write('set', files);
    expect((await refusal(dataset, loadDataset(dataset, access))).message).toContain(named);
  });
});

describe('a damaged data set of kind npz', () => {
  it('is accepted before it is damaged', async () => {
    const { access, dataRoot } = await temporaryData();
    await writeFile(join(dataRoot, 'set.npz'), zipFile(Object.entries(npzArrays())));
    expect((await loadDataset('npz:set.npz', access)).train.count).toBe(9);
  });

  it.each(npzDamages)('is refused where $what', async ({ damage, named }) => {
    const { access, dataRoot } = await temporaryData();
    const arrays: Files = { ...npzArrays() };
    damage(arrays);
    await writeFile(join(dataRoot, 'set.npz'), zipFile(Object.entries(arrays)));
    expect((await refusal('npz:set.npz', loadDataset('npz:set.npz', access))).message).toContain(named);
  });

  it.each(archiveDamages)('is refused where the archive %s', async (_, alter) => {
    const { access, dataRoot } = await temporaryData();
    await writeFile(join(dataRoot, 'set.npz'), alter(zipFile(Object.entries(npzArrays()))));
    expect((await refusal('npz:set.npz', loadDataset('npz:set.npz', access))).message).toContain('set.npz');
  });
});

describe('the damages of these tests', () => {
  it('are a hundred at least', () => {
    const damages = damagedKinds.reduce(
      (sum, kind) => sum + kind.damages.length,
      npzDamages.length + archiveDamages.length,
    );
    expect(damages).toBeGreaterThanOrEqual(100);
  });
});

describe('many damaged files', () => {
  it('are listed in one error, in order, the first ten by name', async () => {
    const { access, write } = await temporaryData();
    await write('set', await imageFiles());
    const names = Array.from({ length: 25 }, (_, index) => `a${String(index).padStart(2, '0')}.png`);
    await write('set/ash', Object.fromEntries(names.map((name) => [name, page])));
    const { message } = await refusal('folder:set?size=8', loadDataset('folder:set?size=8', access));
    expect(message).toMatch(/^"set" has 25 files that are no usable images: "set\/ash\//);
    expect(message.match(/it is no PNG, JPEG, WebP, GIF or TIFF file/g)).toHaveLength(10);
    expect(message).toContain('; and 15 more.');
  });
});
