/** RandAugment's operations on one image of 0 to 255, written from their definitions. */
import type { RandAugmentOperation } from '../../../src/lowering/augmentation/operation-names.ts';
import { at, elementsOf, type Image } from './run-graph.ts';

/** Strength 0 to 1, and which way: -1 or 1. */
type Reference = (image: Image, strength: number, sign: number) => Image;

/** A new value for each pixel and channel from its old one. */
function mapped(image: Image, value: (old: number, row: number, column: number, channel: number) => number): Image {
  return { ...image, at: (row, column, channel) => value(image.at(row, column, channel), row, column, channel) };
}

/** The image between its pixels: bilinear, with 128 all around. */
function sampled(image: Image, from: (x: number, y: number) => readonly [x: number, y: number]): Image {
  const pixel = (row: number, column: number, channel: number): number =>
    row < 0 || column < 0 || row >= image.height || column >= image.width ? 128 : image.at(row, column, channel);
  return mapped(image, (_, row, column, channel) => {
    const [x, y] = from(column, row);
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const corners = [0, 1].flatMap((down) =>
      [0, 1].map((right) => {
        const weight = (1 - Math.abs(x - left - right)) * (1 - Math.abs(y - top - down));
        return weight * pixel(top + down, left + right, channel);
      }),
    );
    return corners.reduce((sum, part) => sum + part, 0);
  });
}

function clipped(value: number): number {
  return Math.min(Math.max(value, 0), 255);
}

/** factor x image + (1 - factor) x other, as Pillow's Image.blend. */
function blended(image: Image, factor: number, other: (row: number, column: number, channel: number) => number): Image {
  return mapped(image, (old, row, column, channel) =>
    clipped(factor * old + (1 - factor) * other(row, column, channel)),
  );
}

function greyAt(image: Image, row: number, column: number): number {
  const values = Array.from({ length: image.channels }, (_, channel) => image.at(row, column, channel));
  const [red = 0, green = 0, blue = 0] = values;
  if (image.channels === 3) return (299 * red + 587 * green + 114 * blue) / 1000;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanGrey(image: Image): number {
  let sum = 0;
  for (let row = 0; row < image.height; row += 1) {
    for (let column = 0; column < image.width; column += 1) sum += greyAt(image, row, column);
  }
  return sum / (image.height * image.width);
}

function channelOf(image: Image, channel: number): number[] {
  return elementsOf(image).filter((_, position) => position % image.channels === channel);
}

function smoothAt(image: Image, row: number, column: number, channel: number): number {
  if (row === 0 || column === 0 || row === image.height - 1 || column === image.width - 1) {
    return image.at(row, column, channel);
  }
  let sum = 4 * image.at(row, column, channel);
  for (const down of [-1, 0, 1]) for (const right of [-1, 0, 1]) sum += image.at(row + down, column + right, channel);
  return sum / 13;
}

/** The look-up table of Pillow's ImageOps.equalize for one channel, or none where it leaves the channel alone. */
function equalizing(values: readonly number[]): readonly number[] | undefined {
  const histogram = new Array<number>(256).fill(0);
  for (const value of values) histogram[value] = at(histogram, value) + 1;
  const filled = histogram.filter((count) => count > 0);
  const step = Math.floor((values.length - at(filled, filled.length - 1)) / 255);
  if (step === 0) return undefined;
  let sum = Math.floor(step / 2);
  return histogram.map((count) => {
    const level = Math.floor(sum / step);
    sum += count;
    return Math.min(level, 255);
  });
}

function equalized(image: Image): Image {
  const tables = Array.from({ length: image.channels }, (_, channel) =>
    equalizing(channelOf(image, channel).map((value) => Math.round(value))),
  );
  return mapped(image, (old, _row, _column, channel) => tables[channel]?.[Math.round(old)] ?? Math.round(old));
}

function stretched(image: Image): Image {
  const bounds = Array.from({ length: image.channels }, (_, channel) => {
    const values = channelOf(image, channel);
    return [Math.min(...values), Math.max(...values)] as const;
  });
  return mapped(image, (old, _row, _column, channel) => {
    const [low, high] = bounds[channel] ?? [0, 0];
    return high - low < 1 ? old : ((old - low) * 255) / (high - low);
  });
}

function rotated(image: Image, degrees: number): Image {
  const angle = (degrees * Math.PI) / 180;
  const [middleX, middleY] = [(image.width - 1) / 2, (image.height - 1) / 2];
  return sampled(image, (x, y) => {
    const [right, down] = [x - middleX, y - middleY];
    return [
      middleX + right * Math.cos(angle) - down * Math.sin(angle),
      middleY + right * Math.sin(angle) + down * Math.cos(angle),
    ];
  });
}

export const referenceOperations: Readonly<Record<RandAugmentOperation, Reference>> = {
  identity: (image) => image,
  autoContrast: stretched,
  equalize: equalized,
  invert: (image) => mapped(image, (old) => 255 - old),
  rotate: (image, strength, sign) => rotated(image, 30 * strength * sign),
  // The byte's lowest bits are cleared.
  posterize: (image, strength) =>
    mapped(image, (old) => {
      const dropped = Math.trunc(4 * strength);
      return dropped === 0 ? old : (Math.trunc(old) >> dropped) << dropped;
    }),
  solarize: (image, strength) => mapped(image, (old) => (old < 256 * (1 - strength) ? old : 255 - old)),
  color: (image, strength, sign) =>
    blended(image, 1 - 0.9 * strength * sign, (row, column) => greyAt(image, row, column)),
  contrast: (image, strength, sign) => {
    const mean = meanGrey(image);
    return blended(image, 1 - 0.9 * strength * sign, () => mean);
  },
  brightness: (image, strength, sign) => blended(image, 1 - 0.9 * strength * sign, () => 0),
  sharpness: (image, strength, sign) =>
    blended(image, 1 - 0.9 * strength * sign, (row, column, channel) => smoothAt(image, row, column, channel)),
  shearX: (image, strength, sign) => sampled(image, (x, y) => [x + 0.3 * strength * sign * y, y]),
  shearY: (image, strength, sign) => sampled(image, (x, y) => [x, y + 0.3 * strength * sign * x]),
  translateX: (image, strength, sign) => sampled(image, (x, y) => [x + (100 / 224) * image.width * strength * sign, y]),
  translateY: (image, strength, sign) =>
    sampled(image, (x, y) => [x, y + (100 / 224) * image.height * strength * sign]),
};
