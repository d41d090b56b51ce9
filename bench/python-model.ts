/**
 * Trains a small model, loads its file with Python's TensorFlow and with TensorFlow.js, and holds the probabilities of
 * both against each other and against the accuracy that the training reported: `npm run check:python-model`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import util from 'node:util';

import { recipeSchema, type TrialSpecification } from '@compound-search/contracts';
import { type Labels, loadDataset } from '@compound-search/datasets';
import { candidateArchitecture, findBaseline, summarizeNetwork } from '@compound-search/networks';
import { startTraining } from '@compound-search/training';

import { preparePython, tensorflow } from './peers/python-environment.ts';
import { runProgram } from './peers/run-program.ts';

/** Largest difference of two probabilities: the same operations in the same order, on other batches or threads. */
const tolerance = 1e-5;
/** Images at once; the second leaves a last batch that is not full. */
const batches = [1, 300];

function log(line: string): void {
  console.log(line);
}

/** The paper's coefficients on the micro baseline, for seconds of training on the drawn shapes. */
function specification(channels: number, classes: number): TrialSpecification {
  const baseline = findBaseline('efficientnet-micro');
  const multipliers = { depth: 1.2, width: 1.1, resolution: 1.15 };
  const recipe = recipeSchema.parse({ epochs: 4, weightAverageDecay: 0.95 });
  const { fingerprint } = summarizeNetwork(candidateArchitecture({ baseline, multipliers, channels, classes, recipe }));
  return {
    trialId: 'python-model',
    attempt: 1,
    purpose: 'model',
    baseline,
    multipliers,
    fingerprint,
    dataset: 'shapes',
    split: { trainImages: 2000, validationImages: 500, seed: 0 },
    recipe,
    seed: 1,
    device: 'cpu',
  };
}

async function probabilitiesInNode(folder: string, images: Float32Array, shape: number[]): Promise<number[][]> {
  // tfjs-node calls this function, which Node 23 removed (tensorflow/tfjs 8609).
  if (!('isNullOrUndefined' in util)) {
    Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  }
  const tf = await import('@tensorflow/tfjs-node-gpu');
  const model = await tf.node.loadSavedModel(folder);
  const outputs = model.predict({ image: tf.tensor(images, shape) }) as Record<string, ReturnType<typeof tf.tensor>>;
  const rows = await outputs['probabilities']?.array();
  model.dispose();
  return rows as number[][];
}

function largestDifference(one: readonly number[][], other: readonly number[][]): number {
  const [left, right] = [one.flat(), other.flat()];
  if (left.length !== right.length) throw new Error(`There are ${left.length} and ${right.length} probabilities`);
  return left.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (right[index] ?? NaN))), 0);
}

function accuracyOf(rows: readonly number[][], labels: Labels): number {
  const right = rows.filter((row, index) => row.indexOf(Math.max(...row)) === labels[index]);
  return right.length / rows.length;
}

async function check(folder: string): Promise<boolean> {
  const python = await preparePython(log, tensorflow);
  const { test, image, classes } = await loadDataset('shapes');
  const trainingFolder = path.join(folder, 'trainings');
  const end = await startTraining(specification(image.channels, classes), {
    onEvent: () => undefined,
    trainingFolder,
  }).ended;
  if (end.type !== 'completed' || end.savedModel === undefined) throw new Error(JSON.stringify(end));
  const model = path.join(folder, 'saved_model.pb');
  await writeFile(model, end.savedModel);
  const pixels = Float32Array.from(test.images);
  const file = path.join(folder, 'images');
  await writeFile(file, pixels);
  const inNode = await probabilitiesInNode(folder, pixels, [test.count, image.height, image.width, image.channels]);
  log(
    `model of ${end.savedModel.length} bytes; ${test.count} test images; reported accuracy ${end.result.testAccuracy ?? NaN}`,
  );
  log(`TensorFlow.js: accuracy ${accuracyOf(inNode, test.labels)}`);
  let agrees = accuracyOf(inNode, test.labels) === end.result.testAccuracy;
  for (const batch of batches) {
    const script = path.join(import.meta.dirname, 'peers', 'saved_model.py');
    const answer = await runProgram(python.program, [script, folder, file, String(batch)]);
    const { version, probabilities } = JSON.parse(answer) as { version: string; probabilities: number[][] };
    const difference = largestDifference(inNode, probabilities);
    const accuracy = accuracyOf(probabilities, test.labels);
    log(`Python TensorFlow ${version}, batches of ${batch}: accuracy ${accuracy}, largest difference ${difference}`);
    agrees &&= difference <= tolerance && accuracy === end.result.testAccuracy;
  }
  return agrees;
}

const folder = await mkdtemp(path.join(tmpdir(), 'compound-search-python-model-'));
try {
  const agrees = await check(folder);
  log(agrees ? `They agree to ${tolerance}.` : `They do not agree to ${tolerance}.`);
  process.exitCode = agrees ? 0 : 1;
} finally {
  await rm(folder, { recursive: true });
}
