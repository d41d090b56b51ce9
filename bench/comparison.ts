/**
 * The paper's central claim on real data, by the product as a user runs it: whether compound scaling wins over depth, width
 * and resolution alone at equal exact cost, and whether the best rows at phi = 1 still lead at phi = 2:
 *
 *   npm run bench:comparison -- [--dataset fashion-mnist|mnist] [--seeds N] [--train-images N] [--epochs N] [--rows N]
 *     [--slots CORES] [--only compare|transfer]
 *
 * It starts a service in a folder that is new, and then runs `compound-search compare bench/comparison/compare.json`,
 * `compound-search search bench/comparison/origin.json --watch` and `compound-search transfer` with the id of that search;
 * the flags change the sizes of both files. What the commands print is the result.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { coefficientsSchema } from '@compound-search/contracts';
import { z } from 'zod';

import { benchmarkDataFolder, setDataRoot } from './env.ts';
import { runProgram } from './peers/run-program.ts';
import { commandLineProgram, startService } from './processes/service-process.ts';
import { fetchFashionMnist } from './training/fashion-mnist.ts';
import { describeMachine, formatMachine } from './training/machine.ts';

const { values: options } = parseArgs({
  options: {
    dataset: { type: 'string', default: 'fashion-mnist' },
    seeds: { type: 'string' },
    'train-images': { type: 'string' },
    epochs: { type: 'string' },
    rows: { type: 'string', default: '8' },
    slots: { type: 'string' },
    only: { type: 'string' },
  },
});
const dataRoot = benchmarkDataFolder();
setDataRoot(dataRoot);
function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

const answerSchema = z.object({ coefficients: coefficientsSchema });

const requestSchema = z.looseObject({
  seeds: z.array(z.int()),
  split: z.looseObject({}),
  recipe: z.looseObject({}),
});

const machine = await describeMachine(null);
const dataset = options.dataset === 'fashion-mnist' ? await fetchFashionMnist(dataRoot, log) : options.dataset;
const folder = await mkdtemp(path.join(os.tmpdir(), 'compound-search-bench-'));
try {
  const service = await startService(path.join(folder, 'data'), count(options.slots));
  try {
    console.log(formatMachine(machine).join('\n'));
    if (options.only !== 'transfer') await compare(service.url);
    if (options.only !== 'compare') await transfer(service.url);
  } finally {
    await service.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function compare(url: string): Promise<void> {
  const started = performance.now();
  console.log(await command(url, 'compare', await requestFile('compare.json')));
  tell('The comparison', started);
}

async function transfer(url: string): Promise<void> {
  const started = performance.now();
  const printed = await command(url, 'search', await requestFile('origin.json'), '--watch', '--json');
  const { coefficients } = answerSchema.parse(JSON.parse(printed));
  console.log(await command(url, 'transfer', coefficients.searchId, '--rows', options.rows));
  tell('The search and its transfer', started);
}

function tell(what: string, started: number): void {
  console.log(`${what} took ${((performance.now() - started) / 1000).toFixed(0)} s.\n`);
}

function command(url: string, ...args: readonly string[]): Promise<string> {
  return runProgram(process.execPath, ['--import', 'tsx', commandLineProgram, '--url', url, ...args]);
}

/** A request of this benchmark in the sizes that the flags ask for. */
async function requestFile(name: string): Promise<string> {
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(fileURLToPath(new URL(`comparison/${file}`, import.meta.url)), 'utf8'));
  const request = requestSchema.parse(await read(name));
  const seeds = count(options.seeds) ?? request.seeds.length;
  const trainImages = count(options['train-images']);
  const epochs = count(options.epochs);
  const file = path.join(folder, name);
  const sized = {
    ...request,
    baseline: await read('baseline.json'),
    dataset,
    seeds: Array.from({ length: seeds }, (_, index) => index + 1),
    split: { ...request.split, ...(trainImages === undefined ? {} : { trainImages }) },
    recipe: { ...request.recipe, ...(epochs === undefined ? {} : { epochs }) },
  };
  await writeFile(file, JSON.stringify(sized));
  return file;
}

function count(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${text} is not a whole number above 0`);
  return value;
}
