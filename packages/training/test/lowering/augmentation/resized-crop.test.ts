import {
  constant,
  div,
  mul,
  neg,
  pack,
  reshape,
  resizeBilinear,
  scaleAndTranslate,
  slice,
  type Tensor,
} from '@compound-search/graph';
import { beforeAll, describe, expect, it } from 'vitest';

import { drawResizedCrop, resizeCrops } from '../../../src/lowering/augmentation/resized-crop.ts';
import {
  at,
  type Image,
  imageOf,
  largestDifference,
  noiseBytes,
  output,
  type Outputs,
  runAugmentation,
} from './run-graph.ts';

const shape = [12, 17, 3] as const;
const batch = 32;
const images = noiseBytes(batch * 12 * 17 * 3, 5);

interface Crop {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

function cropOf(outputs: Outputs | undefined, index: number): Crop {
  const part = (name: string): number => at(output(outputs, name), index);
  return { top: part('top'), left: part('left'), height: part('height'), width: part('width') };
}

function run(
  recipe: { readonly area: [number, number]; readonly aspectRatio: [number, number] },
  size: readonly [number, number],
  seedsAndSteps: readonly (readonly [number, number])[] = [[1, 0]],
): Promise<Outputs[]> {
  return runAugmentation({ images, shape, seedsAndSteps }, (inputs) => {
    const crop = drawResizedCrop(inputs.draws, recipe, [12, 17]);
    return { ...crop, resized: resizeCrops(inputs.images, crop, size) };
  });
}

/** New pixels per old one, and how far the scaled image moves for the crop to start at 0, both [2]. */
function scalesOf(length: Tensor, start: Tensor, size: readonly [number, number]) {
  const scale = div(constant(length.graph, size), length);
  return { scale, translation: neg(mul(start, scale)) };
}

/** Enlarges a crop by the definition of bilinear interpolation, with the image's edge going on beyond it. */
function enlarged(image: Image, crop: Crop, [height, width]: readonly [number, number]): Image {
  const clamp = (position: number, last: number): number => Math.min(Math.max(position, 0), last);
  const between = (row: number, column: number, channel: number): number => {
    const y = clamp(crop.top + ((row + 0.5) * crop.height) / height - 0.5, image.height - 1);
    const x = clamp(crop.left + ((column + 0.5) * crop.width) / width - 0.5, image.width - 1);
    const [above, before] = [Math.floor(y), Math.floor(x)];
    const [below, after] = [Math.min(above + 1, image.height - 1), Math.min(before + 1, image.width - 1)];
    const along = (line: number): number =>
      image.at(line, before, channel) * (1 - x + before) + image.at(line, after, channel) * (x - before);
    return along(above) * (1 - y + above) + along(below) * (y - above);
  };
  return { height, width, channels: image.channels, at: between };
}

describe('random resized crop', () => {
  it('enlarges each crop bilinearly', async () => {
    const size = [24, 20] as const;
    const [outputs] = await run({ area: [0.1, 0.9], aspectRatio: [0.5, 1.1] }, size);
    for (let index = 0; index < batch; index += 1) {
      const result = imageOf(output(outputs, 'resized'), [...size, 3], index);
      const crop = cropOf(outputs, index);
      expect(crop.width).toBeLessThan(size[1]);
      // Float32 keeps 255 to 1.5e-5; weights are sums of some ten roundings.
      expect(largestDifference(result, enlarged(imageOf(images, shape, index), crop, size))).toBeLessThan(1e-3);
    }
  });

  it("shrinks each crop, without aliasing, as TensorFlow's ScaleAndTranslate does one rectangle", async () => {
    const size = [5, 3] as const;
    const [outputs] = await runAugmentation({ images, shape }, (inputs) => {
      const crop = drawResizedCrop(inputs.draws, { area: [0.3, 1], aspectRatio: [0.5, 2] }, [12, 17]);
      const single = Array.from({ length: batch }, (_, index) => {
        const scalar = (name: keyof Crop) => reshape(slice(crop[name], [index], [1]), []);
        const scale = pack([scalar('height'), scalar('width')]);
        const start = pack([scalar('top'), scalar('left')]);
        return { image: slice(inputs.images, [index, 0, 0, 0], [1, ...shape]), scale, start };
      });
      const perNewPixel = single.map(({ image, scale, start }) => ({ image, ...scalesOf(scale, start, size) }));
      const expected = perNewPixel.map(({ image, ...where }) => scaleAndTranslate(image, { size, ...where }));
      return { resized: resizeCrops(inputs.images, crop, size), expected: pack(expected) };
    });
    const [resized, expected] = [output(outputs, 'resized'), output(outputs, 'expected')];
    expect(resized.length).toBe(batch * 45);
    resized.forEach((value, index) => expect(Math.abs(value - at(expected, index))).toBeLessThan(1e-2));
  });

  it('is the resizing of evaluation where the crop is the whole image', async () => {
    const size = [7, 30] as const;
    const [outputs] = await runAugmentation({ images, shape }, (inputs) => {
      const crop = drawResizedCrop(inputs.draws, { area: [1, 1], aspectRatio: [17 / 12, 17 / 12] }, [12, 17]);
      return { resized: resizeCrops(inputs.images, crop, size), expected: resizeBilinear(inputs.images, size) };
    });
    const [resized, expected] = [output(outputs, 'resized'), output(outputs, 'expected')];
    resized.forEach((value, index) => expect(Math.abs(value - at(expected, index))).toBeLessThan(1e-3));
  });
});

describe('the rectangles of random resized crops', () => {
  const area: [number, number] = [0.2, 0.6];
  const aspectRatio: [number, number] = [0.75, 4 / 3];
  let crops: Crop[];

  beforeAll(async () => {
    const seedsAndSteps = Array.from({ length: 40 }, (_, step) => [11, step] as const);
    const results = await run({ area, aspectRatio }, [4, 4], seedsAndSteps);
    crops = results.flatMap((outputs) => Array.from({ length: batch }, (_, index) => cropOf(outputs, index)));
  });

  it('lie in the image, with areas and aspect ratios within their bounds', () => {
    for (const { top, left, height, width } of crops) {
      expect(Math.min(top, left)).toBeGreaterThanOrEqual(-1e-4);
      expect(top + height).toBeLessThanOrEqual(12 + 1e-4);
      expect(left + width).toBeLessThanOrEqual(17 + 1e-4);
      expect((height * width) / 204).toBeGreaterThanOrEqual(area[0] - 1e-5);
      expect((height * width) / 204).toBeLessThanOrEqual(area[1] + 1e-5);
      expect(width / height).toBeGreaterThanOrEqual(aspectRatio[0] - 1e-5);
      expect(width / height).toBeLessThanOrEqual(aspectRatio[1] + 1e-5);
    }
  });

  it('have even areas, even logarithms of the aspect ratio where all of them fit, and even places', () => {
    // A quantile of 1,280 even draws has a standard error of at most 0.5 / sqrt(1280) = 0.014; the bound is four.
    const below = (shares: readonly number[], bound: number): number =>
      shares.filter((share) => share < bound).length / shares.length;
    const areas = crops.map(({ height, width }) => ((height * width) / 204 - area[0]) / (area[1] - area[0]));
    // At an area of at most 0.5 every ratio fits: the highest crop is sqrt(0.5 x 204 / 0.75) = 11.7 of 12.
    const small = crops.filter(({ height, width }) => height * width < 0.5 * 204);
    const ratios = small.map(({ height, width }) => Math.log(width / height / 0.75) / Math.log(4 / 3 / 0.75));
    const places = crops.map(({ top, height }) => top / (12 - height));
    for (const bound of [0.25, 0.5, 0.75]) {
      expect(Math.abs(below(areas, bound) - bound)).toBeLessThan(0.056);
      expect(Math.abs(below(ratios, bound) - bound)).toBeLessThan(0.066);
      expect(Math.abs(below(places, bound) - bound)).toBeLessThan(0.056);
    }
  });

  it('keep to the aspect ratio and give up area where both do not fit', async () => {
    const [outputs] = await run({ area: [0.9, 0.9], aspectRatio: [0.5, 0.5] }, [4, 4]);
    // As high as the image: 12 x 6.
    for (let index = 0; index < batch; index += 1) {
      const crop = cropOf(outputs, index);
      expect(crop.height).toBeCloseTo(12, 4);
      expect(crop.width).toBeCloseTo(6, 4);
      expect(crop.top).toBeCloseTo(0, 4);
    }
  });
});
