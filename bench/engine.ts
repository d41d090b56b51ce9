/**
 * Trains the same networks by our graph, by eager TensorFlow.js on the same native library, and by PyTorch, and prints
 * images per second: `npm run bench:engine -- [--batch 128] [--workload NAME]... [--rounds N] [--steps N] [--json]`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { networkCost } from '@compound-search/networks';

import { checkAgreement } from './engines/check-agreement.ts';
import { holdContest, layoutsOf } from './engines/contest.ts';
import { contestants } from './engines/contestants.ts';
import { writeJob } from './engines/job.ts';
import { formatReport, reportContest } from './engines/report.ts';
import { prepareJob, type Workload, workloads } from './engines/workload.ts';
import { preparePython, type PythonEnvironment } from './peers/python-environment.ts';

const { values: options } = parseArgs({
  options: {
    batch: { type: 'string', default: '32' },
    workload: { type: 'string', multiple: true, default: ['micro-28', 'micro-32-rgb'] },
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
  },
});
const batchSize = positive('batch', options.batch);
const rounds = positive('rounds', options.rounds);
const steps = positive('steps', options.steps);
const chosen = options.workload.map(findWorkload);

const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const cores = os.availableParallelism();
const machine = { processor: os.cpus()[0]?.model ?? 'unknown', cores, node: process.version };
const python = await findPython();

const outcomes = [];
for (const workload of chosen) outcomes.push(await measure(workload));
if (options.json) {
  console.log(
    JSON.stringify({ machine, batchSize, rounds, steps, pytorchAbsent: python.absence, workloads: outcomes }, null, 2),
  );
} else {
  console.log(
    `\n${machine.processor}, ${cores} cores, Node ${machine.node}; medians of ${rounds} interleaved rounds of ${steps} steps a process`,
  );
  for (const { lines } of outcomes) console.log(`\n${lines.join('\n')}`);
  if (python.absence !== null) console.log(`\nPyTorch is absent: ${python.absence}`);
}

async function findPython(): Promise<{ environment: PythonEnvironment | undefined; absence: string | null }> {
  try {
    return { environment: await preparePython(log), absence: null };
  } catch (error) {
    return { environment: undefined, absence: error instanceof Error ? error.message : String(error) };
  }
}

async function measure(workload: Workload) {
  log(`${workload.name}, batch ${batchSize}`);
  const directory = await mkdtemp(path.join(os.tmpdir(), 'compound-search-bench-'));
  try {
    const { job, arrays } = await prepareJob(workload, { batchSize, agreementSteps: 5, warmupSteps: 15 });
    await writeJob(directory, job, arrays);
    const results = await holdContest({
      contestants: contestants(python.environment),
      layouts: layoutsOf(cores),
      directory,
      batchSize,
      rounds,
      steps,
      log,
    });
    checkAgreement(results, job);
    const report = reportContest(results);
    const { parameters, macs } = networkCost(job.network);
    const title = `${workload.name}: ${workload.baseline}, ${workload.side} x ${workload.side} x ${workload.channels}, batch ${batchSize}, ${parameters} parameters, ${(macs / 1e6).toFixed(2)} million MACs an image`;
    return { workload: workload.name, parameters, macs, ...report, lines: [title, ...formatReport(report)] };
  } finally {
    await rm(directory, { recursive: true });
  }
}

function findWorkload(name: string): Workload {
  const workload = workloads.find((candidate) => candidate.name === name);
  if (workload === undefined)
    throw new Error(`There is no workload ${name}; there are ${workloads.map((known) => known.name).join(', ')}`);
  return workload;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1, not ${text}`);
  return value;
}
