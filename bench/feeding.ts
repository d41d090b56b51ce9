/**
 * What it costs to keep images outside the graph: training steps with the images as a variable of the graph and with
 * batches that another thread gathers, in turn, in one process of one TensorFlow thread. `npm run bench:feeding`
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { recipeSchema } from '@compound-search/contracts';
import { buildNetwork, candidateArchitecture } from '@compound-search/networks';
import { loadAddon, type PreparedData, Trainer, trainingEnvironment } from '@compound-search/training';

import { median } from './engines/statistics.ts';

const rounds = 15;
const stepsPerRound = 20;
const recipe = recipeSchema.parse({ batchSize: 32 });
const classes = 10;

/** Each image once in both ways; 4,096 images are more than the processor's caches hold. */
const count = 4096;

/** Pixels of a side, in order: a step of the larger images copies 16 times the bytes. */
const sides = [32, 128] as const;

function syntheticData(side: number): PreparedData {
  const size = side * side * 3;
  const images = new Uint8Array(new SharedArrayBuffer(count * size));
  // A linear congruential sequence: pixels are of no matter here, but equal ones would compress in caches.
  let state = 1;
  for (let position = 0; position < images.length; position += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    images[position] = state >>> 24;
  }
  const all = Int32Array.from({ length: count }, (_, index) => index);
  return {
    image: { height: side, width: side, channels: 3 },
    classes,
    contentHash: '',
    count,
    images,
    labels: all.map((index) => index % classes),
    train: all,
    validation: new Int32Array(0),
    test: new Int32Array(0),
  };
}

/** Images per second of one round. */
function trainRound(trainer: Trainer, round: number): number {
  const order = Int32Array.from({ length: stepsPerRound * recipe.batchSize }, (_, at) => ((at + round) * 1597) % count);
  const started = performance.now();
  trainer.announce(order, recipe.batchSize);
  for (let step = 0; step < stepsPerRound; step += 1) {
    const batch = order.subarray(step * recipe.batchSize, (step + 1) * recipe.batchSize);
    trainer.step(batch, { step: round * stepsPerRound + step, seed: 1 });
  }
  return (order.length * 1000) / (performance.now() - started);
}

async function measure(side: number): Promise<void> {
  const data = syntheticData(side);
  const multipliers = { depth: 1, width: 1, resolution: 1.6 };
  const request = { baseline: 'efficientnet-micro', multipliers, channels: 3, classes, recipe };
  const network = buildNetwork(candidateArchitecture(request));
  const addon = loadAddon();
  const resident = await Trainer.create(addon, { network, recipe, data });
  const fed = await Trainer.create(addon, { network, recipe, data, residentBytes: 0 });
  const speeds: { readonly resident: number; readonly fed: number }[] = [];
  for (const trainer of [resident, fed]) trainer.initialize(1);
  for (let round = 0; round <= rounds; round += 1) {
    const measured = { resident: trainRound(resident, round), fed: trainRound(fed, round) };
    // The first round warms TensorFlow up.
    if (round > 0) speeds.push(measured);
  }
  for (const trainer of [resident, fed]) await trainer.close();
  const ratio = median(speeds.map((speed) => speed.fed / speed.resident));
  const perSecond = (way: 'resident' | 'fed'): string => median(speeds.map((speed) => speed[way])).toFixed(0);
  console.log(
    `${side} x ${side} x 3: resident ${perSecond('resident')} images/s, fed ${perSecond('fed')} images/s, ` +
      `fed over resident ${ratio.toFixed(3)} (medians of ${rounds} interleaved rounds of ${stepsPerRound} steps)`,
  );
}

if (process.argv[2] === 'measure') {
  for (const side of sides) await measure(side);
} else {
  // TensorFlow reads its number of threads when it loads, so it loads in a process with the environment of a training.
  const child = fork(fileURLToPath(import.meta.url), ['measure'], { env: trainingEnvironment('cpu') });
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}
