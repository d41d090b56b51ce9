/**
 * What crop with padding does for a network that has seen few digits, all of them centred, and is asked for digits that
 * are moved: `npm run bench:crop-padding -- [--seeds 3]`. efficientnet-micro trains on 256 digits of MNIST for 20 epochs;
 * 500 others, moved by up to 3 pixels in both directions, validate.
 */
import { parseArgs } from 'node:util';

import { recipeSchema } from '@compound-search/contracts';
import { loadDataset, stratifiedSplit } from '@compound-search/datasets';
import { buildNetwork, candidateArchitecture } from '@compound-search/networks';
import { randomStream, shuffle } from '@compound-search/random';
import { loadAddon, type PreparedData, Trainer } from '@compound-search/training';

const padding = 3;
const epochs = 20;
const batchSize = 32;
const trainImages = 256;
const validationImages = 500;

const { values: options } = parseArgs({ options: { seeds: { type: 'string', default: '3' } } });
const seeds = Array.from({ length: Number(options.seeds) }, (_, index) => index + 1);

/** Moves a digit by (index mod 7) - 3 pixels down and (index / 7 mod 7) - 3 to the right; what comes in is black. */
function move(pixels: Uint8Array, side: number, index: number): Uint8Array {
  const moves = 2 * padding + 1;
  const [down, right] = [(index % moves) - padding, (Math.floor(index / moves) % moves) - padding];
  return pixels.map((_, pixel) => {
    const [row, column] = [Math.floor(pixel / side) - down, (pixel % side) - right];
    const inside = row >= 0 && row < side && column >= 0 && column < side;
    return inside ? (pixels[row * side + column] ?? 0) : 0;
  });
}

async function movedDigits(): Promise<PreparedData> {
  const { train: digits, image, classes, contentHash } = await loadDataset('mnist');
  const split = stratifiedSplit({ labels: digits.labels, classes, trainImages, validationImages, seed: 0 });
  const size = image.height * image.width * image.channels;
  const chosen = [...split.train, ...split.validation];
  const images = new Uint8Array(chosen.length * size);
  for (const [place, index] of chosen.entries()) {
    const pixels = digits.images.subarray(index * size, (index + 1) * size);
    images.set(place < trainImages ? pixels : move(pixels, image.width, place), place * size);
  }
  return {
    image,
    classes,
    contentHash,
    count: chosen.length,
    images,
    labels: Int32Array.from(chosen, (index) => digits.labels[index] ?? 0),
    train: Int32Array.from({ length: trainImages }, (_, place) => place),
    validation: Int32Array.from({ length: validationImages }, (_, place) => trainImages + place),
    test: new Int32Array(0),
  };
}

/** Validation accuracy for each seed. */
async function accuracies(data: PreparedData, cropPadding: number): Promise<number[]> {
  const recipe = recipeSchema.parse({ epochs, batchSize, augmentation: { cropPadding } });
  const multipliers = { depth: 1, width: 1, resolution: 1 };
  const request = { baseline: 'efficientnet-micro', multipliers, channels: 1, classes: data.classes, recipe };
  const network = buildNetwork(candidateArchitecture(request));
  const trainer = await Trainer.create(loadAddon(), { network, recipe, data });
  const results: number[] = [];
  for (const seed of seeds) {
    trainer.initialize(seed);
    const stepsPerEpoch = trainImages / batchSize;
    for (let step = 0; step < epochs * stepsPerEpoch; step += 1) {
      const order = shuffle(data.train.slice(), randomStream(seed, `data-order/${Math.floor(step / stepsPerEpoch)}`));
      const first = (step % stepsPerEpoch) * batchSize;
      trainer.step(order.subarray(first, first + batchSize), { step, seed });
    }
    results.push((await trainer.evaluate(data.validation, () => Promise.resolve())).accuracy);
  }
  await trainer.close();
  return results;
}

const data = await movedDigits();
const without = await accuracies(data, 0);
const padded = await accuracies(data, padding);
const gains = padded.map((accuracy, index) => accuracy - (without[index] ?? 0));
console.log(`accuracy without  ${without.map((accuracy) => accuracy.toFixed(3)).join(' ')}`);
console.log(`with padding of ${padding} ${padded.map((accuracy) => accuracy.toFixed(3)).join(' ')}`);
console.log(`mean gain         ${(gains.reduce((sum, gain) => sum + gain, 0) / gains.length).toFixed(3)}`);
