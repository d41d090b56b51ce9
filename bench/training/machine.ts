import os from 'node:os';

import { findTensorflow } from '@compound-search/native-tensorflow';

import type { InstructionSet } from '../env.ts';

/** What the figures of a benchmark were measured on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly node: string;
  /** Instructions beyond TensorFlow's baseline, as TensorFlow names them. */
  readonly cpuFeatures: readonly string[];
  /** Whether trainings run oneDNN's kernels. */
  readonly isUsingOneDnn: boolean;
  /** What all engines were limited to; null where they were not. */
  readonly limitedTo: InstructionSet | null;
}

/** Looks at this machine with the TensorFlow that trainings load. @throws Error where it cannot run. */
export async function describeMachine(limitedTo: InstructionSet | null): Promise<Machine> {
  const { outcome } = await findTensorflow();
  if (!outcome.canRun) throw new Error(`TensorFlow cannot run here: ${outcome.reason}`);
  const { cpuFeatures, isUsingOneDnn } = outcome.library;
  const processor = os.cpus()[0]?.model ?? 'unknown';
  return { processor, cores: os.availableParallelism(), node: process.version, cpuFeatures, isUsingOneDnn, limitedTo };
}

/** The machine as lines of text. */
export function formatMachine({ processor, cores, node, cpuFeatures, isUsingOneDnn, limitedTo }: Machine): string[] {
  return [
    `${processor}, ${cores} cores, Node ${node}`,
    `${cpuFeatures.join(' ') || 'baseline instructions'}, oneDNN ${isUsingOneDnn ? 'on' : 'off'}`,
    ...(limitedTo === null
      ? []
      : [`Every engine limited to ${limitedTo}: an approximation of a processor without more`]),
  ];
}
