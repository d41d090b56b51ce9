/**
 * What each augmentation costs: training steps of efficientnet-micro on 32 x 32 colours, batch 32, on one thread, with
 * it and without: `npm run bench:augmentation -- [--rounds 7] [--steps 40]`.
 *
 * All variants stay in one process and take turns. Speeds are over the processor time of this process, which the
 * machine's other work hardly changes; on an idle core that is the time that passes.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';

import { type Augmentation, augmentationSchema, recipeSchema } from '@compound-search/contracts';
import { buildNetwork, candidateArchitecture } from '@compound-search/networks';
import { loadAddon, type PreparedData, Trainer } from '@compound-search/training';

import { median } from './engines/statistics.ts';

const side = 32;
const channels = 3;
const classes = 10;
const batchSize = 32;
const images = 1024;

const variants: Readonly<Record<string, Augmentation>> = {
  none: augmentationSchema.parse({}),
  horizontalFlip: augmentationSchema.parse({ horizontalFlip: true }),
  cropPadding: augmentationSchema.parse({ cropPadding: 4 }),
  'horizontalFlip, cropPadding': augmentationSchema.parse({ horizontalFlip: true, cropPadding: 4 }),
  resizedCrop: augmentationSchema.parse({ resizedCrop: {} }),
  'randAugment, 1 operation': augmentationSchema.parse({ randAugment: { operations: 1 } }),
  'randAugment, 2 operations': augmentationSchema.parse({ randAugment: {} }),
  mixup: augmentationSchema.parse({ mixup: 0.2 }),
  randomErasing: augmentationSchema.parse({ randomErasing: {} }),
  all: augmentationSchema.parse({
    horizontalFlip: true,
    cropPadding: 4,
    resizedCrop: {},
    randAugment: {},
    mixup: 0.2,
    randomErasing: {},
  }),
};

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, steps: { type: 'string', default: '40' } },
});
const rounds = positive('rounds', options.rounds);
const steps = positive('steps', options.steps);

const data = noiseData();
const addon = loadAddon();
const contestants: Contestant[] = [];
for (const [name, augmentation] of Object.entries(variants)) contestants.push(await prepare(name, augmentation));
for (let round = 0; round < rounds; round += 1) {
  for (const contestant of contestants) contestant.speeds.push(turn(contestant));
}
report();

interface Contestant {
  readonly name: string;
  readonly trainer: Trainer;
  /** Images per second of processor time, by round. */
  readonly speeds: number[];
}

async function prepare(name: string, augmentation: Augmentation): Promise<Contestant> {
  const recipe = recipeSchema.parse({ batchSize, augmentation });
  // The baseline's own input has 20 pixels.
  const multipliers = { depth: 1, width: 1, resolution: side / 20 };
  const request = { baseline: 'efficientnet-micro', multipliers, channels, classes, recipe };
  const network = buildNetwork(candidateArchitecture(request));
  const trainer = await Trainer.create(addon, { network, recipe, data });
  trainer.initialize(1);
  const contestant = { name, trainer, speeds: [] };
  turn(contestant);
  return contestant;
}

function turn({ trainer }: Contestant): number {
  const started = process.cpuUsage();
  for (let step = 0; step < steps; step += 1) {
    const first = (step * batchSize) % images;
    trainer.step(data.train.subarray(first, first + batchSize), { step, seed: 1 });
  }
  const { user, system } = process.cpuUsage(started);
  return (steps * batchSize * 1e6) / (user + system);
}

/** Speeds as medians, and each variant's time as the median over the rounds of its ratio to that without. */
function report(): void {
  const [plain] = contestants;
  console.log(
    `${os.cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, ${rounds} rounds of ${steps} steps`,
  );
  for (const { name, speeds } of contestants) {
    const times = speeds.map((speed, round) => (plain?.speeds[round] ?? NaN) / speed);
    console.log(
      `${name.padEnd(28)} ${median(speeds).toFixed(0).padStart(6)} images/s ${median(times).toFixed(3)} x the time`,
    );
  }
}

function noiseData(): PreparedData {
  const none = new Int32Array(0);
  const counted = Int32Array.from({ length: images }, (_, index) => index);
  return {
    image: { height: side, width: side, channels },
    classes,
    contentHash: '',
    count: images,
    images: Uint8Array.from(
      { length: images * side * side * channels },
      (_, index) => Math.imul(index, 2_654_435_761) >>> 24,
    ),
    labels: counted.map((index) => index % classes),
    train: counted,
    validation: none,
    test: none,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1, not ${text}`);
  return value;
}
