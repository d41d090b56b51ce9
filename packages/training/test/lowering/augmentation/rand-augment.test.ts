import { describe, expect, it } from 'vitest';

import { randAugmentOperations } from '../../../src/lowering/augmentation/operation-names.ts';
import { applyRandAugment, drawRandAugment } from '../../../src/lowering/augmentation/rand-augment.ts';
import { referenceOperations } from './reference-operations.ts';
import {
  at,
  imageOf,
  type ImageShape,
  largestDifference,
  noiseBytes,
  output,
  type Outputs,
  runAugmentation,
} from './run-graph.ts';

const batch = 100;
const operationCount = randAugmentOperations.length;

/** Smooth colours with noise in them; the first image is of one colour, the last of few. */
function testImages([height, width, channels]: ImageShape): Float32Array {
  const size = height * width * channels;
  const noise = noiseBytes(batch * size, 9);
  return Float32Array.from(noise, (byte, position) => {
    const index = Math.floor(position / size);
    if (index === 0) return 77;
    if (index === batch - 1) return 20 + (byte >> 6);
    return Math.floor(byte / 2) + ((index * 37 + position) % 100);
  });
}

function run(
  shape: ImageShape,
  { magnitude, rounds, steps = 1 }: { magnitude: number; rounds: number; steps?: number },
): Promise<Outputs[]> {
  const seedsAndSteps = Array.from({ length: steps }, (_, step) => [6, step] as const);
  return runAugmentation({ images: testImages(shape), shape, seedsAndSteps }, (inputs) => {
    const drawn = drawRandAugment(inputs.draws, { operations: rounds, magnitude });
    const outputs = drawn.flatMap(({ operation, direction }, round) => [
      [`operation${round}`, operation] as const,
      [`direction${round}`, direction] as const,
      [`images${round}`, applyRandAugment(inputs.images, drawn.slice(0, round + 1), magnitude)] as const,
    ]);
    return Object.fromEntries(outputs);
  });
}

/** Checks one round on all images, from what the round before gave, and returns which operations and directions it saw. */
function checkRound(outputs: Outputs, shape: ImageShape, { round, magnitude }: { round: number; magnitude: number }) {
  const before = round === 0 ? testImages(shape) : output(outputs, `images${round - 1}`);
  return Array.from({ length: batch }, (_, index) => {
    const operation = at(output(outputs, `operation${round}`), index);
    const direction = at(output(outputs, `direction${round}`), index);
    const name = randAugmentOperations[operation] ?? 'identity';
    const sign = direction === 0 ? 1 : -1;
    const expected = referenceOperations[name](imageOf(before, shape, index), magnitude / 10, sign);
    const difference = largestDifference(imageOf(output(outputs, `images${round}`), shape, index), expected);
    // Coordinates of up to 40 pixels are exact to some 4e-6 in float32, and neighbours differ by up to 255.
    expect({ name, index, wrong: difference > 5e-3 && difference }).toEqual({ name, index, wrong: false });
    return 2 * operation + direction;
  });
}

describe('RandAugment', () => {
  it.each([
    ['in colour', [30, 40, 3]],
    ['in grey', [18, 18, 1]],
    ['of two channels', [17, 19, 2]],
  ] as const)('does to each image what is drawn for it: images %s', async (_, shape) => {
    const results = await run(shape, { magnitude: 7, rounds: 1, steps: 3 });
    const seen = results.flatMap((outputs) => checkRound(outputs, shape, { round: 0, magnitude: 7 }));
    // All operations, both ways; 300 draws miss one of 30 with a probability of 1e-3, and these do not.
    expect(new Set(seen).size).toBe(2 * operationCount);
  });

  it.each([1, 5, 10])('takes its levels from magnitude %s', async (magnitude) => {
    const [outputs] = await run([20, 16, 3], { magnitude, rounds: 1 });
    if (outputs === undefined) throw new Error('Nothing ran');
    checkRound(outputs, [20, 16, 3], { round: 0, magnitude });
  });

  it('goes on in each round from the round before, with draws of its own', async () => {
    const [outputs] = await run([16, 20, 3], { magnitude: 6, rounds: 3 });
    if (outputs === undefined) throw new Error('Nothing ran');
    for (const round of [0, 1, 2]) checkRound(outputs, [16, 20, 3], { round, magnitude: 6 });
    expect(output(outputs, 'operation1')).not.toEqual(output(outputs, 'operation0'));
  });

  it('changes nothing at magnitude 0, to the bit, by any operation that has one', async () => {
    const shape = [20, 24, 3] as const;
    const images = testImages(shape);
    const results = await run(shape, { magnitude: 0, rounds: 1, steps: 3 });
    const changed = new Set<string>();
    for (const outputs of results) {
      const size = images.length / batch;
      output(outputs, 'operation0').forEach((operation, index) => {
        const after = output(outputs, 'images0').subarray(index * size, (index + 1) * size);
        const same = after.every((value, position) => value === at(images, index * size + position));
        if (!same) changed.add(randAugmentOperations[operation] ?? '');
      });
    }
    expect(changed).toEqual(new Set(['autoContrast', 'equalize', 'invert']));
  });

  it('draws every operation equally often', async () => {
    const results = await run([1, 1, 1], { magnitude: 0, rounds: 2, steps: 40 });
    const counts = new Array<number>(operationCount).fill(0);
    for (const outputs of results) {
      for (const round of [0, 1]) {
        for (const operation of output(outputs, `operation${round}`)) counts[operation] = at(counts, operation) + 1;
      }
    }
    // 8,000 draws of 15: chi-square with 14 degrees of freedom is below 36.1 with probability 0.999.
    const expected = 8000 / operationCount;
    expect(counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(36.1);
  });
});
