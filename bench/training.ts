/**
 * How fast networks are trained, by our graph, by eager TensorFlow.js on the same native library and by PyTorch:
 *
 *   npm run bench:training -- [--networks NAME,...] [--batches 32,128] [--engines graph,eager,pytorch] [--no-compile]
 *   npm run bench:training -- --accuracy [--datasets mnist,fashion-mnist] [--seeds 5] [--epochs 3] [--train-images 10000]
 *   npm run bench:training -- --growth
 *   npm run bench:training -- --profile [--networks ...] [--batches ...] [--steps 20]
 *   npm run bench:training -- --setting 'NAME=VALUE;NAME=VALUE' [--setting ...] [--networks ...] [--batches ...]
 *
 * All take `--isa AVX2` or `--isa AVX512`, which keeps every engine from newer instructions: an approximation of a processor
 * without them. All take `--json`; all but `--accuracy` take `--rounds`, `--steps` and `--turn` (most steps and seconds of a process in a
 * round). `--no-compile` leaves torch.compile out, which takes minutes a network before its first step. `--accuracy`
 * compares the accuracies of the graph and PyTorch after equal epochs and fails where they disagree; `--growth` shows how
 * the graph's speed grows with slots, batch, width, depth and resolution; `--profile` shows the time of every kernel of
 * the mean step, traced by TensorFlow, and with `--json` that of every node; `--setting` compares the graph under other
 * environment variables with itself.
 */
import { parseArgs } from 'node:util';

import { contestants, families, type Family } from './engines/contestants.ts';
import { digitsWorkload, type Workload, workloads } from './engines/workload.ts';
import { benchmarkDataFolder, limitInstructions, setDataRoot } from './env.ts';
import { preparePython, type PythonEnvironment, tensorflow } from './peers/python-environment.ts';
import { compareAccuracy, formatAccuracy } from './training/accuracy.ts';
import { fetchFashionMnist } from './training/fashion-mnist.ts';
import { formatGrowth, measureGrowth } from './training/growth.ts';
import { describeMachine, formatMachine } from './training/machine.ts';
import { formatProfiles, profileSteps } from './training/profile.ts';
import { compareSettings, formatSettings } from './training/settings.ts';
import { formatThroughput, measureThroughput } from './training/throughput.ts';

const { values: options } = parseArgs({
  options: {
    networks: { type: 'string', default: workloads.map(({ name }) => name).join(',') },
    batches: { type: 'string', default: '32,128' },
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '60' },
    turn: { type: 'string', default: '8' },
    accuracy: { type: 'boolean', default: false },
    datasets: { type: 'string', default: 'mnist,fashion-mnist' },
    seeds: { type: 'string', default: '5' },
    epochs: { type: 'string', default: '3' },
    'train-images': { type: 'string', default: '10000' },
    growth: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    setting: { type: 'string', multiple: true, default: [] },
    engines: { type: 'string', default: families.join(',') },
    compile: { type: 'boolean', default: true },
    isa: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  allowNegative: true,
});
const length = {
  rounds: positive('rounds', options.rounds),
  steps: positive('steps', options.steps),
  turnSeconds: positive('turn', options.turn),
};
const machine = await describeMachine(options.isa === undefined ? null : limitInstructions(options.isa));
const { cores } = machine;
function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

if (options.accuracy) await compareAccuracies();
else if (options.growth) await showGrowth();
else if (options.profile) await showProfiles();
else if (options.setting.length > 0) await showSettings();
else await compareThroughput();

async function compareAccuracies(): Promise<void> {
  const dataRoot = benchmarkDataFolder();
  setDataRoot(dataRoot);
  const datasets: string[] = [];
  for (const name of options.datasets.split(',')) {
    datasets.push(name === 'fashion-mnist' ? await fetchFashionMnist(dataRoot, log) : name);
  }
  const seeds = positive('seeds', options.seeds);
  if (seeds < 2) throw new Error('--seeds must be at least 2: one gives no standard error');
  const request = {
    datasets,
    dataRoot,
    seeds,
    epochs: positive('epochs', options.epochs),
    trainImages: positive('train-images', options['train-images']),
    cores,
    python: await preparePython(log),
    log,
  };
  const agreements = await compareAccuracy(request);
  const { epochs, trainImages } = request;
  print({ seeds, epochs, trainImages, agreements }, [
    `test accuracy of efficientnet-micro at 28 x 28: ${epochs} epochs of ${trainImages} images, ${seeds} seeds, means and standard errors`,
    '',
    ...formatAccuracy(agreements),
  ]);
  if (!agreements.every(({ agrees }) => agrees)) process.exitCode = 1;
}

async function showGrowth(): Promise<void> {
  const rows = await measureGrowth(length, log);
  print({ length, rows }, [
    `efficientnet-micro on 32 x 32 colours, batch 32, one slot, and one change each; ${roundsSentence()}`,
    '',
    ...formatGrowth(rows),
  ]);
}

async function showProfiles(): Promise<void> {
  const { steps } = length;
  const profiles = await profileSteps({ ...chosenJobs(), steps, python: await preparePython(log, tensorflow), log });
  print({ steps, profiles }, [`kernels of the mean of ${steps} steps, one thread`, '', ...formatProfiles(profiles)]);
}

async function showSettings(): Promise<void> {
  const rows = await compareSettings({ ...chosenJobs(), settings: options.setting, processes: cores, length, log });
  print({ length, rows }, [roundsSentence(), '', ...formatSettings(rows)]);
}

function chosenJobs(): { workloads: Workload[]; batchSizes: number[] } {
  return {
    workloads: options.networks.split(',').map(findWorkload),
    batchSizes: options.batches.split(',').map((size) => positive('batches', size)),
  };
}

/** The graph always, and those that it is to be compared with. */
function chosenEngines(): ReadonlySet<Family> {
  return new Set(['graph', ...options.engines.split(',').map(findFamily)]);
}

function findFamily(name: string): Family {
  const family = families.find((known) => known === name);
  if (family === undefined) throw new Error(`There is no engine ${name}; there are ${families.join(', ')}`);
  return family;
}

async function compareThroughput(): Promise<void> {
  const chosen = chosenEngines();
  const python = chosen.has('pytorch') ? await findPython() : { environment: undefined, absence: null };
  const entered = contestants(python.environment, options).filter(({ family }) => chosen.has(family));
  const request = { ...chosenJobs(), contestants: entered, cores, length, log };
  const report = await measureThroughput(request);
  print({ length, compile: options.compile, pytorchAbsent: python.absence, ...report }, [
    roundsSentence(),
    '',
    ...formatThroughput(report),
    ...(options.compile ? [] : ['', 'Without torch.compile, as --no-compile asks']),
    ...(python.absence === null ? [] : ['', `PyTorch is absent: ${python.absence}`]),
  ]);
}

function roundsSentence(): string {
  return `medians of ${length.rounds} interleaved rounds of at most ${length.steps} steps and ${length.turnSeconds} s a process`;
}

function print(report: object, lines: readonly string[]): void {
  if (options.json) console.log(JSON.stringify({ machine, ...report }, null, 2));
  else console.log([...formatMachine(machine), ...lines].join('\n'));
}

async function findPython(): Promise<{ environment: PythonEnvironment | undefined; absence: string | null }> {
  try {
    return { environment: await preparePython(log), absence: null };
  } catch (error) {
    return { environment: undefined, absence: error instanceof Error ? error.message : String(error) };
  }
}

function findWorkload(name: string): Workload {
  const known = [...workloads, digitsWorkload];
  const workload = known.find((candidate) => candidate.name === name);
  if (workload === undefined)
    throw new Error(`There is no network ${name}; there are ${known.map((one) => one.name).join(', ')}`);
  return workload;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1, not ${text}`);
  return value;
}
