import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { recipeSchema, type TrialSpecification } from '@compound-search/contracts';
import { loadDataset } from '@compound-search/datasets';
import {
  buildNetwork,
  candidateArchitecture,
  findBaseline,
  fingerprint,
  type Network,
  networkCost,
} from '@compound-search/networks';
import { startTraining, trainingEnvironment } from '@compound-search/training';
import { z } from 'zod';

import { mean, standardError } from '../engines/statistics.ts';
import type { PythonEnvironment } from '../peers/python-environment.ts';
import { runProgram } from '../peers/run-program.ts';
import { writeImageData } from '../peers/write-image-data.ts';
import { formatTable } from './table.ts';

/** What is trained on both sides. */
export interface AccuracyRequest {
  /** Names of data sets, those in files below `dataRoot`. */
  readonly datasets: readonly string[];
  readonly dataRoot: string;
  readonly seeds: number;
  readonly epochs: number;
  readonly trainImages: number;
  readonly cores: number;
  readonly python: PythonEnvironment;
  readonly log: (line: string) => void;
}

/** Test accuracies by seed, their mean and its standard error. */
interface Accuracies {
  readonly bySeed: readonly number[];
  readonly mean: number;
  readonly standardError: number;
}

/** One data set, trained on both sides for equal epochs. */
interface Agreement {
  readonly dataset: string;
  readonly graph: Accuracies;
  readonly pytorch: Accuracies;
  /** Graph less PyTorch, in standard errors of the difference. */
  readonly difference: number;
  readonly agrees: boolean;
}

/** Standard errors by which two means of equal expectation may differ: 5 % of them do by more, were there many seeds. */
const largestDifference = 2;
const multipliers = { depth: 1, width: 1, resolution: 1.4 };
const split = { validationImages: 1000, seed: 0 };

/** The accuracy on the 10,000 test images after equal epochs, by our trials and by PyTorch, each from its own draws. */
export async function compareAccuracy(request: AccuracyRequest): Promise<Agreement[]> {
  const agreements: Agreement[] = [];
  for (const dataset of request.datasets) agreements.push(await compareOn(dataset, request));
  return agreements;
}

async function compareOn(dataset: string, request: AccuracyRequest): Promise<Agreement> {
  const { specification, network } = await specify(dataset, request);
  const seeds = Array.from({ length: request.seeds }, (_, index) => index + 1);
  const directory = await mkdtemp(path.join(os.tmpdir(), 'compound-search-bench-'));
  try {
    request.log(`${dataset}: ${request.seeds} trials by the graph`);
    const graph = await mapAtOnce(seeds, request.cores, (seed) => trainByGraph({ ...specification, seed }));
    request.log(`${dataset}: ${request.seeds} trainings by PyTorch`);
    await writeAccuracyJob(directory, { specification, network, dataRoot: request.dataRoot });
    const pytorch = await mapAtOnce(seeds, request.cores, (seed) =>
      trainByPytorch(request.python, { directory, seed, network }),
    );
    return agreementOf(dataset, summarize(graph), summarize(pytorch));
  } finally {
    await rm(directory, { recursive: true });
  }
}

function agreementOf(dataset: string, graph: Accuracies, pytorch: Accuracies): Agreement {
  const difference = (graph.mean - pytorch.mean) / Math.hypot(graph.standardError, pytorch.standardError);
  return { dataset, graph, pytorch, difference, agrees: Math.abs(difference) <= largestDifference };
}

function summarize(bySeed: readonly number[]): Accuracies {
  return { bySeed, mean: mean(bySeed), standardError: standardError(bySeed) };
}

async function specify(
  dataset: string,
  request: AccuracyRequest,
): Promise<{ specification: TrialSpecification; network: Network }> {
  const { image, classes } = await loadDataset(dataset, request);
  const recipe = recipeSchema.parse({ epochs: request.epochs });
  const baseline = findBaseline('efficientnet-micro');
  const network = buildNetwork(
    candidateArchitecture({ baseline, multipliers, channels: image.channels, classes, recipe }),
  );
  const specification = {
    trialId: 'benchmark',
    attempt: 1,
    purpose: 'test',
    baseline,
    multipliers,
    fingerprint: fingerprint(network),
    dataset,
    split: { ...split, trainImages: request.trainImages },
    recipe,
    seed: 0,
    device: 'cpu',
  } as const;
  return { specification, network };
}

async function trainByGraph(specification: TrialSpecification): Promise<number> {
  const end = await startTraining(specification, { onEvent: () => undefined }).ended;
  if (end.type === 'completed' && end.result.testAccuracy !== null) return end.result.testAccuracy;
  throw new Error(`The trial of seed ${specification.seed} gave no accuracy: ${JSON.stringify(end)}`);
}

const outcomeSchema = z.object({ accuracy: z.number(), parameters: z.int() });

async function trainByPytorch(
  { program }: PythonEnvironment,
  { directory, seed, network }: { directory: string; seed: number; network: Network },
): Promise<number> {
  const script = fileURLToPath(new URL('../peers/pytorch_accuracy.py', import.meta.url));
  const args = ['-W', 'ignore', script, directory, '--seed', String(seed)];
  const output = await runProgram(program, args, { environment: trainingEnvironment('cpu') });
  const { accuracy, parameters } = outcomeSchema.parse(JSON.parse(output));
  const { parameters: expected } = networkCost(network);
  if (parameters !== expected) throw new Error(`PyTorch has ${parameters} parameters, but the network has ${expected}`);
  return accuracy;
}

/** The training images that our trial takes, and all test images, behind them. */
async function writeAccuracyJob(
  directory: string,
  { specification, network, dataRoot }: { specification: TrialSpecification; network: Network; dataRoot: string },
): Promise<void> {
  const dataset = await loadDataset(specification.dataset, { dataRoot });
  const described = await writeImageData(directory, dataset, specification.split);
  const job = { network, recipe: specification.recipe, ...described };
  await writeFile(path.join(directory, 'job.json'), JSON.stringify(job));
}

/** Maps values with at most `count` at work, and keeps their order. */
async function mapAtOnce<T, R>(values: readonly T[], count: number, map: (value: T) => Promise<R>): Promise<R[]> {
  const results = new Map<number, R>();
  const left = [...values.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) results.set(next[0], await map(next[1]));
  };
  await Promise.all(Array.from({ length: count }, work));
  return [...results.entries()].sort(([a], [b]) => a - b).map(([, result]) => result);
}

/** The comparison as lines of text. */
export function formatAccuracy(agreements: readonly Agreement[]): string[] {
  const cell = ({ mean: middle, standardError: error }: Accuracies): string =>
    `${(100 * middle).toFixed(2)} ± ${(100 * error).toFixed(2)} %`;
  return formatTable(
    [
      ['data set', 'the graph', 'PyTorch', 'difference', ''],
      ...agreements.map(({ dataset, graph, pytorch, difference, agrees }) => [
        dataset,
        cell(graph),
        cell(pytorch),
        `${difference.toFixed(2)} standard errors`,
        agrees ? 'agrees' : `DISAGREES by more than ${largestDifference}`,
      ]),
    ],
    1,
  );
}
