import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import type { Epoch } from '@compound-search/contracts';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { Checkpoints } from '../../src/trial/checkpoints.ts';

let folder: string;
beforeEach(async () => {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'compound-search-checkpoints-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  folder = path.join(parent, 'trial');
});

function attemptAt(attempt: number, identity = 'of the trial'): Checkpoints {
  return new Checkpoints({ folder, attempt, identity });
}

/** After so many whole epochs of ten steps. */
function progressAfter(count: number) {
  const openEpoch = { steps: 0, loss: 0, correct: 0, learningRate: 0, seconds: 0 };
  return { step: 10 * count, epochs: epochs(count), openEpoch, trainingSeconds: count };
}

function epochs(count: number): Epoch[] {
  return Array.from({ length: count }, (_, index) => ({
    epoch: index + 1,
    step: 10 * (index + 1),
    learningRate: 0.1,
    trainLoss: 1,
    trainAccuracy: 0.5,
    validationLoss: 1,
    validationAccuracy: 0.5,
    seconds: 1,
  }));
}

/** Writes the checkpoint of an epoch with variables that say who wrote them. */
function write(checkpoints: Checkpoints, epoch: number, variables = 'variables'): Promise<void> {
  return checkpoints.write(progressAfter(epoch), (prefix) => writeFileSync(prefix, variables));
}

async function allOf(checkpoints: Checkpoints): Promise<string[]> {
  const found: string[] = [];
  for await (const directory of checkpoints.furthestFirst()) found.push(path.relative(folder, directory));
  return found;
}

describe('the checkpoints of a trial', () => {
  it('are those of all its attempts, the furthest first and of equals the later attempt', async () => {
    await write(attemptAt(1), 3);
    await write(attemptAt(2), 5);
    await write(attemptAt(3), 3);
    expect(await allOf(attemptAt(4))).toEqual(['2/step-50', '3/step-30', '1/step-30']);
  });

  it('are written and deleted by their own attempt alone: a late one touches nothing of its successor', async () => {
    const [late, live] = [attemptAt(1), attemptAt(2)];
    await write(late, 1);
    await write(live, 2, 'of the live attempt');
    await mkdir(path.join(folder, '2', 'partial-of-a-write-under-way'));
    await write(late, 2, 'of the late attempt');
    await write(late, 3);
    expect((await readdir(path.join(folder, '2'))).toSorted()).toEqual(['partial-of-a-write-under-way', 'step-20']);
    expect(await readFile(path.join(folder, '2', 'step-20', 'variables'), 'utf8')).toBe('of the live attempt');
    expect(await readdir(path.join(folder, '1'))).toEqual(['step-30']);
  });

  it('are found anew when another attempt replaces its own in the middle of the search', async () => {
    const other = attemptAt(1);
    await write(other, 2);
    await write(attemptAt(2), 1);
    const found = attemptAt(3).furthestFirst();
    expect(await found.next()).toMatchObject({ value: path.join(folder, '1', 'step-20') });
    await write(other, 3);
    expect(await found.next()).toMatchObject({ value: path.join(folder, '1', 'step-30') });
    expect(await found.next()).toMatchObject({ value: path.join(folder, '2', 'step-10') });
    expect(await found.next()).toMatchObject({ done: true });
  });

  it('are passed over where another training wrote them', async () => {
    await write(attemptAt(1, 'of another training'), 2);
    const checkpoints = attemptAt(2);
    expect(await checkpoints.read(path.join(folder, '1', 'step-20'))).toBeNull();
  });

  it('leave the one before in its place, and nothing half written, where the next cannot be written', async () => {
    const checkpoints = attemptAt(1);
    await write(checkpoints, 1);
    const full = checkpoints.write(progressAfter(2), (prefix) => {
      writeFileSync(prefix, 'the first half');
      throw new Error('No space left on device');
    });
    await expect(full).rejects.toThrow('No space left on device');
    expect(await readdir(path.join(folder, '1'))).toEqual(['step-10']);
  });

  it('are none before the first, and an error where there is something else in their place', async () => {
    expect(await allOf(attemptAt(1))).toEqual([]);
    await writeFile(folder, 'a file');
    await expect(allOf(attemptAt(1))).rejects.toThrow('ENOTDIR');
    await expect(write(attemptAt(1), 1)).rejects.toThrow('ENOTDIR');
  });
});
