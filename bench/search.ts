/**
 * One whole search by the product as a user runs it (a service, the queue, the store, and `compound-search search FILE`),
 * and the same one by Optuna and by Ray Tune with PyTorch, in turn:
 *
 *   npm run bench:search -- [--contestants product,optuna,ray,full] [--rounds 1] [--slots CORES] [--request FILE]
 *     [--dataset mnist|fashion-mnist] [--seeds N] [--train-images N] [--epochs N] [--isa AVX2|AVX512] [--json]
 *
 * The file, `bench/search/request.json` unless another is named, is a request as the service takes it; the flags behind it
 * change its sizes. Optuna's GridSampler trains every candidate with every seed, on a PostgreSQL of its own, in as many
 * processes as the product has slots; Ray Tune starts as many and stops them early by ASHA. Candidates, recipe, seeds
 * and images are the same for all, and PyTorch trains in the layout that is faster here. `full` is the product with the
 * strategy `full`, which shows what the strategy of the request saves. What each names as the best is looked up among the
 * results of the full grid.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { searchRequestSchema } from '@compound-search/contracts';

import { benchmarkDataFolder, limitInstructions, setDataRoot } from './env.ts';
import { preparePython, type PythonEnvironment, ray, searchPeers } from './peers/python-environment.ts';
import type { Contestant } from './search/outcome.ts';
import { chooseLayout, createOptuna, createRay, type OptunaStorage, startOptunaStorage } from './search/peers.ts';
import { createProduct } from './search/product.ts';
import { formatSearches, reportSearches } from './search/report.ts';
import { holdRounds } from './search/rounds.ts';
import { planJob, resize, type SearchJob, writePeerJob } from './search/search-job.ts';
import { fetchFashionMnist } from './training/fashion-mnist.ts';
import { describeMachine, formatMachine } from './training/machine.ts';

const names = ['product', 'optuna', 'ray', 'full'] as const;
type Name = (typeof names)[number];

const { values: options } = parseArgs({
  options: {
    contestants: { type: 'string', default: 'product,optuna,ray' },
    rounds: { type: 'string', default: '1' },
    slots: { type: 'string' },
    request: { type: 'string', default: fileURLToPath(new URL('search/request.json', import.meta.url)) },
    dataset: { type: 'string' },
    seeds: { type: 'string' },
    'train-images': { type: 'string' },
    epochs: { type: 'string' },
    isa: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const machine = await describeMachine(options.isa === undefined ? null : limitInstructions(options.isa));
const chosen = new Set(options.contestants.split(',').map(findName));
const rounds = positive('rounds', options.rounds) ?? 1;
const slots = positive('slots', options.slots) ?? machine.cores;
const dataRoot = benchmarkDataFolder();
setDataRoot(dataRoot);
function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

const directory = await mkdtemp(path.join(os.tmpdir(), 'compound-search-bench-'));
/** What has been started and is ended in the end. */
const storages: OptunaStorage[] = [];
try {
  await compare(directory);
} finally {
  await Promise.all(storages.map(({ stop }) => stop()));
  await rm(directory, { recursive: true });
}

async function compare(folder: string): Promise<void> {
  const dataset = options.dataset === 'fashion-mnist' ? await fetchFashionMnist(dataRoot, log) : options.dataset;
  const content = resize(JSON.parse(await readFile(options.request, 'utf8')), {
    dataset,
    seeds: positive('seeds', options.seeds),
    trainImages: positive('train-images', options['train-images']),
    epochs: positive('epochs', options.epochs),
  });
  const job = await planJob(searchRequestSchema.parse(content));
  await writePeerJob(folder, job, dataRoot);
  const { contestants, absences } = await enter(folder, content, job);
  const performances = await holdRounds(contestants, rounds, log);
  const report = reportSearches(job, performances);
  if (options.json) {
    console.log(JSON.stringify({ machine, slots, rounds, request: job.request, absences, ...report }, null, 2));
    return;
  }
  const { request } = job;
  const what = `${request.split.trainImages} training and ${request.split.validationImages} validation images of ${request.dataset}, ${request.recipe.epochs} epochs, ${slots} at once, medians of ${rounds} interleaved rounds`;
  console.log([...formatMachine(machine), what, '', ...formatSearches(report), ...absences].join('\n'));
}

/** Those that take part, the product first, and why others do not. */
async function enter(
  folder: string,
  content: Readonly<Record<string, unknown>>,
  job: SearchJob,
): Promise<{ contestants: Contestant[]; absences: string[] }> {
  const contestants: Contestant[] = [];
  const absences: string[] = [];
  const enterProduct = async (name: string, request: object): Promise<void> => {
    const requestFile = path.join(folder, `${contestants.length}.json`);
    await writeFile(requestFile, JSON.stringify(request));
    contestants.push(createProduct(name, { job, requestFile, slots }));
  };
  if (chosen.has('product')) await enterProduct('compound-search', content);
  if (chosen.has('optuna')) {
    const python = await preparePython(log, searchPeers);
    const storage = await startOptunaStorage(python, folder);
    storages.push(storage);
    contestants.push(createOptuna(await peerOptions(python, folder), storage));
  }
  if (chosen.has('ray')) {
    try {
      const python = await preparePython(log, ray);
      contestants.push(createRay(await peerOptions(python, folder)));
    } catch (error) {
      absences.push(`Ray Tune is absent: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (chosen.has('full')) await enterProduct('compound-search, full grid', { ...content, strategy: { kind: 'full' } });
  return { contestants, absences };
}

async function peerOptions(python: PythonEnvironment, folder: string) {
  const { layout, secondsPerStep } = await chooseLayout(python, folder);
  const speeds = Object.entries(secondsPerStep).map(([name, seconds]) => `${name} ${(1000 * seconds).toFixed(1)} ms`);
  log(`A step of PyTorch takes ${speeds.join(', ')}`);
  return { python, directory: folder, processes: slots, layout };
}

function findName(name: string): Name {
  const found = names.find((known) => known === name);
  if (found === undefined) throw new Error(`There is no contestant ${name}; there are ${names.join(', ')}`);
  return found;
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1, not ${text}`);
  return value;
}
