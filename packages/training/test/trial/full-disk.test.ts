import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { type TrainingEvent, trainingEventSchema, type TrialSpecification } from '@compound-search/contracts';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { shapesSpecification } from '../shapes-specification.ts';

/**
 * Largest file that a process may write, in blocks of 512 bytes: 128 KiB, less than the variables and the graph of the
 * micro network. To a program it is the same as a disk that is full: a part is written, then the write fails.
 */
const smallFiles = 256;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'compound-search-full-disk-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

async function train(specification: TrialSpecification, fileBlocks = 'unlimited'): Promise<TrainingEvent[]> {
  const program = fileURLToPath(new URL('../process/report-training.ts', import.meta.url));
  const node = [process.execPath, '--import', import.meta.resolve('tsx'), program];
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    'ulimit -f "$1"; shift; exec "$@"',
    'sh',
    fileBlocks,
    ...node,
    JSON.stringify(specification),
    folder,
  ]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => trainingEventSchema.parse(JSON.parse(line)));
}

function warningsOf(events: readonly TrainingEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
}

function weightsOf(events: readonly TrainingEvent[]): string {
  const end = events.at(-1);
  if (end?.type !== 'completed') throw new Error(`The training ended as ${JSON.stringify(end)}`);
  return end.result.weightsHash;
}

function specification(): TrialSpecification {
  return shapesSpecification({ recipe: { epochs: 3 } });
}

describe('a training that cannot write', () => {
  let expected: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'compound-search-full-disk-'));
    expected = weightsOf(await train(specification()));
    await rm(folder, { recursive: true });
  });

  it('its checkpoints, as on a full disk, says so once, leaves none and completes with the same weights', async () => {
    // The graph is there from another seed.
    await train({ ...specification(), seed: 2 });
    const starved = specification();
    const events = await train(starved, String(smallFiles));
    expect(warningsOf(events)).toEqual([expect.stringContaining('The checkpoint cannot be written')]);
    expect(weightsOf(events)).toBe(expected);
    expect(await readdir(path.join(folder, 'checkpoints', starved.trialId, '1'))).toEqual([]);
  });

  it('into the folder of checkpoints or of graphs says so once for each, and completes with the same weights', async () => {
    await writeFile(path.join(folder, 'checkpoints'), 'a file in the place of the folder');
    await writeFile(path.join(folder, 'graphs'), 'a file in the place of the folder');
    const events = await train(specification());
    expect(warningsOf(events)).toEqual([
      expect.stringContaining('The graph cannot be kept for other trials'),
      expect.stringContaining('The checkpoints cannot be looked for'),
      expect.stringContaining('The checkpoint cannot be written'),
    ]);
    expect(weightsOf(events)).toBe(expected);
  });

  it('even its graph fails for its machine, so that another one may try it', async () => {
    const events = await train(specification(), String(smallFiles));
    expect(events.at(-1)).toMatchObject({ type: 'failed', failure: { code: 'STORAGE_FAILED' } });
  });
});
