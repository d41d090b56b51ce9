import { fileURLToPath } from 'node:url';

import { trainingEnvironment } from '@compound-search/training';

import type { PythonEnvironment } from '../peers/python-environment.ts';
import type { Launch } from './engine-process.ts';

/** Whose speed is compared. PyTorch has two entries, of which the faster one counts. */
export type Family = 'graph' | 'eager' | 'pytorch';

/** An engine in one of its settings. */
export interface Contestant {
  readonly name: string;
  readonly family: Family;
  /** How to start it on a job's folder with so many threads. */
  readonly launch: (directory: string, threads: number) => Launch;
}

/** The engines that run in Node, and PyTorch's settings where it is there. */
export function contestants(python: PythonEnvironment | undefined): Contestant[] {
  return [
    { name: 'one graph a step', family: 'graph', launch: inNode('./graph-engine.ts') },
    { name: 'eager TensorFlow.js', family: 'eager', launch: inNode('./eager-engine.ts') },
    ...(python === undefined
      ? []
      : [
          { name: 'PyTorch, channels_last', family: 'pytorch' as const, launch: inPython(python, 'channels_last') },
          { name: 'PyTorch, contiguous (NCHW)', family: 'pytorch' as const, launch: inPython(python, 'contiguous') },
        ]),
  ];
}

function inNode(script: string): Contestant['launch'] {
  return (directory, threads) => ({
    command: process.execPath,
    arguments: ['--import', import.meta.resolve('tsx'), fileURLToPath(new URL(script, import.meta.url)), directory],
    environment: environment(threads),
  });
}

function inPython({ program }: PythonEnvironment, layout: string): Contestant['launch'] {
  const script = fileURLToPath(new URL('../peers/pytorch_engine.py', import.meta.url));
  return (directory, threads) => ({
    command: program,
    arguments: ['-W', 'ignore', script, directory, '--threads', String(threads), '--layout', layout, '--foreach'],
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
