import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { batchNormalizationOfEnvironment, loadAddon, Trainer, trainingEnvironment } from '@compound-search/training';

import { trainerRequest } from '../engines/job.ts';
import type { PythonEnvironment } from '../peers/python-environment.ts';
import { runProgram } from '../peers/run-program.ts';
import { type ChosenJob, type ChosenJobs, onEachJob } from './each-job.ts';
import { formatTable } from './table.ts';

/** Which steps are traced. */
export interface ProfileRequest extends ChosenJobs {
  readonly steps: number;
  /** A Python with TensorFlow, whose sessions can trace; the addon's cannot. */
  readonly python: PythonEnvironment;
}

/** Where the mean step of one network at one batch size spends its time, on one thread. */
interface StepProfile {
  readonly network: string;
  readonly batchSize: number;
  /** Of all kernels. */
  readonly seconds: number;
  /** The longest first. */
  readonly kernels: readonly { readonly kernel: string; readonly nodes: number; readonly seconds: number }[];
  readonly nodes: readonly TracedNode[];
}

interface TracedNode {
  readonly node: string;
  readonly kernel: string;
  readonly seconds: number;
}

/** Traces the graph's own SavedModel in TensorFlow's Python package, which runs the same native code. */
export async function profileSteps(request: ProfileRequest): Promise<StepProfile[]> {
  return onEachJob(request, 0, (chosen) => profile(chosen, request));
}

async function profile(
  { workload, batchSize, directory, ...data }: ChosenJob,
  { steps, python }: ProfileRequest,
): Promise<StepProfile> {
  const graphFolder = path.join(directory, 'graph');
  await mkdir(graphFolder);
  const environment = trainingEnvironment('cpu');
  const batchNormalization = batchNormalizationOfEnvironment(environment);
  await (await Trainer.create(loadAddon(), { ...trainerRequest(data), graphFolder, batchNormalization })).close();
  const [program = ''] = await readdir(graphFolder);
  const script = fileURLToPath(new URL('../peers/profile_step.py', import.meta.url));
  const answer = await runProgram(python.program, [script, path.join(graphFolder, program), directory, String(steps)], {
    environment,
  });
  const { nodes } = JSON.parse(answer) as { nodes: TracedNode[] };
  return { network: workload.name, batchSize, ...summarize(nodes), nodes };
}

function summarize(nodes: readonly TracedNode[]): Pick<StepProfile, 'seconds' | 'kernels'> {
  const kernels = [...new Set(nodes.map(({ kernel }) => kernel))].map((kernel) => {
    const own = nodes.filter((node) => node.kernel === kernel);
    return { kernel, nodes: own.length, seconds: total(own) };
  });
  return { seconds: total(nodes), kernels: kernels.sort((a, b) => b.seconds - a.seconds) };
}

function total(nodes: readonly TracedNode[]): number {
  return nodes.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** Share of a step from which a kernel has a line of its own. */
const smallestShare = 0.01;

/** The kernels of each network as lines of text. */
export function formatProfiles(profiles: readonly StepProfile[]): string[] {
  return profiles.flatMap(({ network, batchSize, seconds, kernels }) => [
    `${network}, batch ${batchSize}: ${(seconds * 1000).toFixed(1)} ms of kernels a step`,
    ...formatTable(
      [
        ['kernel', 'nodes', 'ms', 'share'],
        ...kernels
          .filter((kernel) => kernel.seconds >= smallestShare * seconds)
          .map((kernel) => [
            kernel.kernel,
            String(kernel.nodes),
            (kernel.seconds * 1000).toFixed(2),
            `${((100 * kernel.seconds) / seconds).toFixed(1)} %`,
          ]),
      ],
      1,
    ),
    '',
  ]);
}
