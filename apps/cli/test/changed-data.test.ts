import { mkdtempSync, rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { createClient } from '@compound-search/sdk';
import { expect, it, onTestFinished } from 'vitest';

import { cyclicLabels, npyFile, pattern, zipFile } from '../../../packages/datasets/test/written-datasets.ts';
import { runCommand } from './command.ts';
import { until } from './processes.ts';
import { serviceUrlOf } from './service-url-of.ts';
import { smallSearch } from './small-search.ts';

const patience = 240_000;

/** An archive of two classes, with images that differ by the seed. */
function archive(seed: number): Buffer {
  const part = (name: string, count: number): [string, Buffer][] => [
    [`x_${name}.npy`, npyFile('|u1', [count, 8, 8], pattern(count * 64, seed + count))],
    [`y_${name}.npy`, npyFile('|u1', [count], cyclicLabels(count, 2))],
  ];
  return zipFile([...part('train', 60), ...part('test', 10)]);
}

/** In one step, as a tool that syncs folders does: no trial may see half a file. */
async function replace(file: string, content: Buffer): Promise<void> {
  await writeFile(`${file}.new`, content);
  await rename(`${file}.new`, file);
}

it(
  'refuses every trial of a search whose data set has changed since it was posted, and ranks by those before',
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'changed-data-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const data = path.join(folder, 'set.npz');
    await replace(data, archive(1));
    const serve = runCommand(['serve', '--data', path.join(folder, 'service'), '--port', '0', '--slots', '1'], {
      COMPOUND_SEARCH_DATA_ROOT: folder,
    });
    onTestFinished(async () => {
      serve.child.kill('SIGTERM');
      await serve.ended;
    });
    const client = createClient({ baseUrl: await serviceUrlOf(serve) });
    const { id } = await client.createSearch({
      ...smallSearch,
      dataset: 'npz:set.npz',
      seeds: [1, 2, 3, 4],
      split: { trainImages: 40, validationImages: 20 },
      recipe: { epochs: 1, batchSize: 20 },
    });
    await until('a trial has completed', async () => (await client.getSearch(id)).trials.completed > 0);
    await replace(data, archive(2));
    const search = await client.waitForSearch(id);

    const trials = (await client.trials(id, { limit: 200 })).items;
    const failed = trials.filter(({ state }) => state === 'failed');
    const completed = trials.filter(({ state }) => state === 'completed');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.map(({ failure }) => failure?.code)).toEqual(failed.map(() => 'DATASET_CHANGED'));
    expect(failed[0]?.failure?.message).toContain('npz:set.npz');
    // What ran ran on one and the same data set.
    expect(new Set(completed.map(({ engine }) => engine?.datasetHash)).size).toBe(1);
    const { confidence, testAccuracy, validationAccuracy } = await client.coefficients(id);
    expect({ state: search.state, testAccuracy }).toEqual({ state: 'completed_with_failures', testAccuracy: null });
    expect(validationAccuracy.seeds).toBe(completed.filter(({ purpose }) => purpose === 'ranking').length);
    expect(confidence.missingTrials).toBe(failed.length);
  },
  patience,
);
