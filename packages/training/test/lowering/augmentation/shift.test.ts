import { describe, expect, it } from 'vitest';

import { drawShift, shiftImages } from '../../../src/lowering/augmentation/shift.ts';
import { at, elementsOf, type Image, imageOf, noiseBytes, output, type Outputs, runAugmentation } from './run-graph.ts';

const shape = [5, 7, 3] as const;
const batch = 64;
const images = noiseBytes(batch * 5 * 7 * 3);

interface ShiftRun {
  readonly horizontalFlip: boolean;
  readonly cropPadding: number;
  readonly seedsAndSteps?: readonly (readonly [number, number])[];
}

function run({ horizontalFlip, cropPadding, seedsAndSteps = [[1, 0]] }: ShiftRun): Promise<Outputs[]> {
  return runAugmentation({ images, shape, seedsAndSteps }, (inputs) => {
    const drawn = drawShift(inputs.draws, { horizontalFlip, cropPadding });
    return { ...drawn, shifted: shiftImages(inputs.images, drawn, cropPadding) };
  });
}

/** Pads, cuts out and mirrors, one after the other. */
function shifted(image: Image, { padding, top, left, mirrored }: Record<string, number>): Image {
  const [border = 0, down = 0, right = 0] = [padding, top, left];
  const { height, width } = image;
  const padded = (row: number, column: number, channel: number): number => {
    const [y, x] = [row - border, column - border];
    return y >= 0 && y < height && x >= 0 && x < width ? image.at(y, x, channel) : 0;
  };
  const cut = (row: number, column: number, channel: number): number => padded(row + down, column + right, channel);
  return { ...image, at: (row, column, c) => cut(row, mirrored === 1 ? width - 1 - column : column, c) };
}

function expectShifted(outputs: Outputs, padding: number): void {
  for (let index = 0; index < batch; index += 1) {
    const drawn = Object.fromEntries(
      ['top', 'left', 'mirrored'].map((name) => [name, at(output(outputs, name), index)]),
    );
    const expected = shifted(imageOf(images, shape, index), { ...drawn, padding });
    expect(elementsOf(imageOf(output(outputs, 'shifted'), shape, index))).toEqual(elementsOf(expected));
  }
}

describe('flip and crop with padding', () => {
  it.each([
    ['a flip', { horizontalFlip: true, cropPadding: 0 }],
    ['a crop', { horizontalFlip: false, cropPadding: 2 }],
    ['both', { horizontalFlip: true, cropPadding: 4 }],
    ['a padding beyond the image', { horizontalFlip: true, cropPadding: 9 }],
  ])('move the bytes of every image as its own draws say: %s', async (_, recipe) => {
    const results = await run({
      ...recipe,
      seedsAndSteps: [
        [1, 0],
        [2, 9],
      ],
    });
    for (const outputs of results) expectShifted(outputs, recipe.cropPadding);
  });

  it('mirror half of the images and take every offset equally often', async () => {
    const seedsAndSteps = Array.from({ length: 50 }, (_, step) => [7, step] as const);
    const results = await run({ horizontalFlip: true, cropPadding: 2, seedsAndSteps });
    const all = (name: string): number[] => results.flatMap((outputs) => [...output(outputs, name)]);
    // 3,200 draws: the standard error of the mean is 0.5 / sqrt(3200) = 0.0088; the bound is four of them.
    const mirrored = all('mirrored');
    expect(Math.abs(mirrored.reduce((sum, one) => sum + one, 0) / mirrored.length - 0.5)).toBeLessThan(0.0354);
    // 25 pairs of offsets: chi-square with 24 degrees of freedom is below 51.2 with probability 0.999.
    const [tops, lefts] = [all('top'), all('left')];
    const counts = new Array<number>(25).fill(0);
    tops.forEach((top, index) => {
      const pair = top * 5 + at(lefts, index);
      counts[pair] = at(counts, pair) + 1;
    });
    const expected = tops.length / 25;
    expect(counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(51.2);
  });

  it('draw the same bits for the same seed and step, and others for another, and differ between images', async () => {
    const [first, again, nextStep, nextSeed] = await run({
      horizontalFlip: true,
      cropPadding: 4,
      seedsAndSteps: [
        [3, 5],
        [3, 5],
        [3, 6],
        [4, 5],
      ],
    });
    expect(again).toEqual(first);
    for (const name of ['mirrored', 'top', 'left']) {
      expect(output(nextStep, name)).not.toEqual(output(first, name));
      expect(output(nextSeed, name)).not.toEqual(output(first, name));
      expect(new Set(output(first, name)).size).toBe(name === 'mirrored' ? 2 : 9);
    }
    expect(output(first, 'top')).not.toEqual(output(first, 'left'));
  });
});
