import { beforeAll, describe, expect, it } from 'vitest';

import { drawErasing, eraseRectangles } from '../../../src/lowering/augmentation/random-erasing.ts';
import { at, noiseBytes, output, type Outputs, runAugmentation } from './run-graph.ts';

const shape = [14, 10, 2] as const;
const batch = 40;
const images = Float32Array.from(noiseBytes(batch * 280, 8), (byte) => byte / 127.5 - 1);
const recipe = {
  probability: 0.25,
  area: [0.1, 0.4] as [number, number],
  aspectRatio: [0.3, 1 / 0.3] as [number, number],
};

let results: Outputs[];

beforeAll(async () => {
  const seedsAndSteps = Array.from({ length: 50 }, (_, step) => [4, step] as const);
  results = await runAugmentation({ images, shape, seedsAndSteps }, (inputs) => {
    const drawn = drawErasing(inputs.draws, recipe, inputs.images.shape);
    return { ...drawn, result: eraseRectangles(inputs.images, drawn) };
  });
});

describe('random erasing', () => {
  it('puts noise where the centre of a pixel is in the rectangle of an image to be erased, and nowhere else', () => {
    for (const outputs of results.slice(0, 5)) {
      const drawn = (name: string, index: number): number => at(output(outputs, name), index);
      output(outputs, 'result').forEach((value, position) => {
        const index = Math.floor(position / 280);
        const [row, column] = [Math.floor((position % 280) / 20), Math.floor((position % 20) / 2)];
        const down = row + 0.5 - drawn('top', index);
        const right = column + 0.5 - drawn('left', index);
        const inside = down >= 0 && down < drawn('height', index) && right >= 0 && right < drawn('width', index);
        const erased = drawn('erased', index) === 1 && inside;
        expect(value).toBe(erased ? drawn('noise', position) : at(images, position));
      });
    }
  });

  it('erases a quarter of the images at a probability of a quarter', () => {
    const erased = results.flatMap((outputs) => [...output(outputs, 'erased')]);
    // 2,000 draws: the standard error is sqrt(0.25 x 0.75 / 2000) = 0.0097.
    expect(Math.abs(erased.reduce((sum, one) => sum + one, 0) / erased.length - 0.25)).toBeLessThan(0.0388);
  });

  it('keeps areas and aspect ratios, height over width, within their bounds', () => {
    for (const outputs of results) {
      output(outputs, 'height').forEach((height, index) => {
        const width = at(output(outputs, 'width'), index);
        expect((height * width) / 140).toBeGreaterThanOrEqual(0.1 - 1e-5);
        expect((height * width) / 140).toBeLessThanOrEqual(0.4 + 1e-5);
        expect(height / width).toBeGreaterThanOrEqual(0.3 - 1e-5);
        expect(height / width).toBeLessThanOrEqual(1 / 0.3 + 1e-5);
        expect(height).toBeLessThanOrEqual(14 + 1e-4);
        expect(width).toBeLessThanOrEqual(10 + 1e-4);
      });
    }
  });

  it('draws noise evenly from -1 to 1, anew for every pixel', () => {
    const noise = Float32Array.from(output(results[0], 'noise'));
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const square = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
    // 11,200 draws of variance 1/3: standard errors 0.0055 and sqrt(4 / 45 / 11200) = 0.0028.
    expect(Math.abs(mean)).toBeLessThan(0.022);
    expect(Math.abs(square - 1 / 3)).toBeLessThan(0.0113);
    expect(Math.max(...noise.map(Math.abs))).toBeLessThanOrEqual(1);
    expect(noise.subarray(0, 280)).not.toEqual(noise.subarray(280, 560));
  });
});
