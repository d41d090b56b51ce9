import { fileURLToPath } from 'node:url';

import { trainingEnvironment } from '@compound-search/training';

import type { PythonEnvironment } from '../peers/python-environment.ts';
import type { Launch } from './engine-process.ts';

/** Whose speed is compared. PyTorch has four settings, of which the fastest one counts. */
export const families = ['graph', 'eager', 'pytorch'] as const;
export type Family = (typeof families)[number];

/** An engine in one of its settings. */
export interface Contestant {
  readonly name: string;
  readonly family: Family;
  /** Whether what it cannot run (a network, or two at once in this memory) is a finding, and no fault of the benchmark. */
  readonly mayFail: boolean;
  /** How to start it on a job's folder with so many threads. */
  readonly launch: (directory: string, threads: number) => Launch;
}

/** The training graph of packages/training. */
export const graphContestant: Contestant = {
  name: 'one graph a step',
  family: 'graph',
  mayFail: false,
  launch: inNode('./graph-engine.ts'),
};

/** The engines that run in Node, and PyTorch's settings where it is there. */
export function contestants(
  python: PythonEnvironment | undefined,
  { compile }: { readonly compile: boolean },
): Contestant[] {
  return [
    graphContestant,
    { name: 'eager TensorFlow.js', family: 'eager', mayFail: true, launch: inNode('./eager-engine.ts') },
    ...(python === undefined ? [] : pytorchSettings(python).filter(({ isCompiled }) => compile || !isCompiled)),
  ];
}

function pytorchSettings(python: PythonEnvironment): (Contestant & { readonly isCompiled: boolean })[] {
  const layouts = { channels_last: 'channels_last', contiguous: 'NCHW' } as const;
  return Object.entries(layouts).flatMap(([layout, name]) =>
    [false, true].map((isCompiled) => ({
      name: `PyTorch, ${name}${isCompiled ? ', torch.compile' : ''}`,
      family: 'pytorch' as const,
      mayFail: isCompiled,
      isCompiled,
      launch: inPython(python, ['--layout', layout, ...(isCompiled ? ['--compile'] : [])]),
    })),
  );
}

function inNode(script: string): Contestant['launch'] {
  return (directory, threads) => ({
    command: process.execPath,
    arguments: ['--import', import.meta.resolve('tsx'), fileURLToPath(new URL(script, import.meta.url)), directory],
    environment: environment(threads),
  });
}

function inPython({ program }: PythonEnvironment, setting: readonly string[]): Contestant['launch'] {
  const script = fileURLToPath(new URL('../peers/pytorch_engine.py', import.meta.url));
  return (directory, threads) => ({
    command: program,
    arguments: ['-W', 'ignore', script, directory, '--threads', String(threads), '--foreach', ...setting],
    environment: environment(threads),
  });
}

/** That of a trial's process, but for the threads. */
function environment(threads: number): NodeJS.ProcessEnv {
  const count = String(threads);
  return {
    ...trainingEnvironment('cpu'),
    TF_NUM_INTRAOP_THREADS: count,
    TF_NUM_INTEROP_THREADS: count,
    OMP_NUM_THREADS: count,
  };
}
