/**
 * Many short trials in a row in one worker: `npm run bench:endurance [-- --trials 500]`. Starts the whole service in a
 * folder of its own, watches the memory of the worker and of the machine, and fails where memory grows or where a
 * process, a temporary file or an open port is left in the end.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { createClient } from '@compound-search/sdk';

import { descendantsOf, processTable } from './processes/process-table.ts';
import { startService } from './processes/service-process.ts';

/** Trials of one search: one candidate with so many seeds. */
const trialsPerSearch = 50;
const kibibytesPerMebibyte = 1024;
/** Of /proc/meminfo. */
const heldMemory = ['AnonPages', 'Shmem', 'SUnreclaim', 'KernelStack', 'PageTables'];
const trainingChild = 'packages/training/src/process/child.ts';
/** For the service's own children, such as the compiler of its sources, to notice that it has ended. */
const secondsToEnd = 10;

const { values } = parseArgs({ options: { trials: { type: 'string', default: '500' } } });
const searches = Math.ceil(Number(values.trials) / trialsPerSearch);

interface Sample {
  readonly trials: number;
  /** Resident MiB of the worker, without its training children. */
  readonly worker: number;
  /** MiB that programs and the kernel hold and cannot drop. */
  readonly machine: number;
}

const temporaryBefore = new Set(await readdir(os.tmpdir()));
const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'compound-search-endurance-'));
const service = await startService(dataFolder);
const { url } = service;
const client = createClient({ baseUrl: url });
const processes = descendantsOf(service.pid);
const samples: Sample[] = [];
for (let search = 0; search < searches; search += 1) {
  await runSearch();
  // The last training child may still be ending.
  await sleep(1000);
  samples.push(await sample((search + 1) * trialsPerSearch));
  const { trials, worker, machine } = samples.at(-1) ?? { trials: 0, worker: 0, machine: 0 };
  console.log(`${trials} trials: worker ${worker.toFixed(0)} MiB, machine ${machine.toFixed(0)} MiB held`);
}
const children = descendantsOf(service.pid);
const trainings = processTable().filter(({ pid, args }) => children.includes(pid) && args.includes(trainingChild));
await service.stop();
await rm(dataFolder, { recursive: true });
const left = await leftOf([...processes, ...children]);

const faults = [
  ...growthFaults(),
  ...trainings.map(({ pid }) => `the training ${pid} is left beside its worker`),
  ...left.map(({ pid, args }) => `process ${pid} is left: ${args}`),
  ...((await answers(url)) ? [`${url} still answers`] : []),
  ...(await readdir(os.tmpdir())).filter(isLeft).map((name) => `${name} is left among the temporary files`),
];
console.log(faults.length === 0 ? 'Memory is flat, and nothing is left.' : faults.join('\n'));
process.exitCode = faults.length === 0 ? 0 : 1;

async function runSearch(): Promise<void> {
  const { id } = await client.createSearch({
    baseline: 'efficientnet-micro',
    dataset: 'shapes',
    grid: { alpha: [1.2], beta: [1.1], gamma: [1.15] },
    // The winner's test trials repeat its ranking trials, so that half of the trials are of each kind.
    seeds: Array.from({ length: trialsPerSearch / 2 }, (_, seed) => seed),
    strategy: 'full',
    split: { trainImages: 64, validationImages: 20 },
    recipe: { steps: 2, stopAtChanceAfterEpochs: 1000 },
    // The same search again and again is what holds the service busy.
    reuse: false,
  });
  for (;;) {
    const { state } = await client.getSearch(id);
    if (state === 'completed') return;
    if (state !== 'running' && state !== 'testing') throw new Error(`The search ended as ${state}`);
    await sleep(500);
  }
}

async function sample(trials: number): Promise<Sample> {
  const memory = await readFile('/proc/meminfo', 'utf8');
  const kibibytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'mu').exec(memory)?.[1] ?? NaN);
  return {
    trials,
    worker: Number(run('ps', ['-o', 'rss=', '-p', String(workerPid())])) / kibibytesPerMebibyte,
    machine: heldMemory.reduce((sum, name) => sum + kibibytes(name), 0) / kibibytesPerMebibyte,
  };
}

/** Growth from the second search on: the first fills caches and just-in-time code. */
function growthFaults(): string[] {
  const [, second] = samples;
  const last = samples.at(-1);
  if (second === undefined || last === undefined) return [];
  return (['worker', 'machine'] as const)
    .filter((what) => last[what] > second[what] * 1.1 + 16)
    .map((what) => `the memory of the ${what} grew from ${second[what].toFixed(0)} to ${last[what].toFixed(0)} MiB`);
}

function workerPid(): number {
  const found = processTable().find(
    ({ pid, args }) => processes.includes(pid) && args.includes('apps/worker/src/main.ts'),
  );
  if (found === undefined) throw new Error('The service has no worker');
  return found.pid;
}

/** Those of the processes that are still there once they have had the time to end. */
async function leftOf(pids: readonly number[]): Promise<{ pid: number; args: string }[]> {
  const own = new Set(pids);
  for (let second = 0; ; second += 1) {
    const left = processTable().filter(({ pid }) => own.has(pid));
    if (left.length === 0 || second === secondsToEnd) return left;
    await sleep(1000);
  }
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(`${address}/health/live`)).ok;
  } catch {
    return false;
  }
}

/** What other programs keep among the temporary files is none of ours. */
function isLeft(name: string): boolean {
  return name.startsWith('compound-search') && !temporaryBefore.has(name);
}

function run(program: string, options: readonly string[]): string {
  return execFileSync(program, options, { encoding: 'utf8' }).trim();
}
