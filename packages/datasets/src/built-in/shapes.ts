import { type RandomStream, randomStream } from '@compound-search/random';

import { contentHash } from '../content-hash.ts';
import type { Dataset, DatasetDescription, LabelledImages } from '../dataset.ts';

/** Where a pixel lies relative to the centre of a shape, and the shape's half width, all in whole pixels. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

type Figure = (place: Place) => boolean;

const square: Figure = ({ x, y, radius }) => Math.max(Math.abs(x), Math.abs(y)) <= radius;
const disc: Figure = ({ x, y, radius }) => x * x + y * y <= radius * radius + radius;
const triangle: Figure = ({ x, y, radius }) => Math.abs(y) <= radius && 2 * Math.abs(x) <= y + radius;
function hollow(figure: Figure): Figure {
  return (place) => figure(place) && !figure({ ...place, radius: place.radius - 2 });
}
function within(figure: Figure, inside: Figure): Figure {
  return (place) => figure(place) && inside(place);
}
/** Every third line of a square is dark, counted from its edge. */
function bars(axis: 'x' | 'y'): Figure {
  return (place) => square(place) && (place[axis] + place.radius) % 3 !== 2;
}

/** The figure of each class. Whole-number arithmetic only: the images are the same to the bit everywhere. */
const figures: readonly Figure[] = [
  square,
  hollow(square),
  disc,
  hollow(disc),
  triangle,
  (place) => triangle({ ...place, y: -place.y }),
  within(square, ({ x, y }) => Math.min(Math.abs(x), Math.abs(y)) <= 1),
  within(square, ({ x, y }) => Math.abs(Math.abs(x) - Math.abs(y)) <= 1),
  bars('y'),
  bars('x'),
];

/** Every image of the data set `shapes`: 20 x 20 pixels, grey. */
export const shapesImage = { height: 20, width: 20, channels: 1 } as const;
const smallestRadius = 4;
const largestRadius = 7;

/** Draws a number from `from` to `to`, both included. */
function between(random: RandomStream, from: number, to: number): number {
  return from + random.nextBelow(to - from + 1);
}

/** Noise from -64 to 63 with a standard deviation of 26: the sum of two uniform numbers, so that it has no steep edge. */
function noise(random: RandomStream): number {
  const bits = random.nextUint32();
  return (((bits & 0xff) + ((bits >>> 8) & 0xff)) >> 2) - 64;
}

function drawImage(pixels: Uint8Array, label: number, random: RandomStream): void {
  const { height, width } = shapesImage;
  const radius = between(random, smallestRadius, largestRadius);
  const centreX = between(random, radius, width - 1 - radius);
  const centreY = between(random, radius, height - 1 - radius);
  const background = between(random, 0, 110);
  const foreground = background + between(random, 50, 110);
  const figure = figures[label] ?? square;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const lit = figure({ x: column - centreX, y: row - centreY, radius });
      const grey = (lit ? foreground : background) + noise(random);
      pixels[row * width + column] = Math.min(255, Math.max(0, grey));
    }
  }
}

/**
 * Draws images of ten noisy figures (square, ring, cross, bars ...) that differ in place, size and contrast. Image i is
 * of class i mod 10. The same seed, stream and count give the same bytes on every machine.
 */
export function drawShapes(request: { seed: number; stream: string; count: number }): LabelledImages {
  const size = shapesImage.height * shapesImage.width * shapesImage.channels;
  const images = new Uint8Array(request.count * size);
  const labels = Uint8Array.from({ length: request.count }, (_, index) => index % figures.length);
  const random = randomStream(request.seed, `shapes/${request.stream}`);
  labels.forEach((label, index) => drawImage(images.subarray(index * size, (index + 1) * size), label, random));
  return { count: request.count, images, labels };
}

/** Drawn figures: no file, small, and learnt within seconds, but not by comparing single pixels. */
export const shapesDescription: DatasetDescription = {
  name: 'shapes',
  description:
    'Ten drawn figures that differ in place, size and contrast, under noise; made for tests and first tries.',
  image: shapesImage,
  classes: figures.length,
  trainingImages: 8_000,
  testImages: 2_000,
  notes: [],
  source: 'Drawn by this project from a fixed seed.',
  licence: 'The licence of this project.',
};

/** Draws the data set `shapes`. */
export function loadShapes(): Dataset {
  const { name, image, classes, trainingImages, testImages } = shapesDescription;
  const train = drawShapes({ seed: 0, stream: 'train', count: trainingImages });
  const test = drawShapes({ seed: 0, stream: 'test', count: testImages });
  const parts = { image, classes, train, test };
  return { name, ...parts, contentHash: contentHash(parts) };
}
