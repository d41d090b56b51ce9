/** The one writer of the environment in the benchmarks. */
import path from 'node:path';

import { cacheFolder } from '@compound-search/cache-folder';

/** Folder of the data sets that benchmarks fetch. */
export function benchmarkDataFolder(): string {
  return path.join(cacheFolder(), 'benchmark-datasets');
}

/** Makes training children find their data sets in files below this folder. */
export function setDataRoot(folder: string): void {
  process.env['COMPOUND_SEARCH_DATA_ROOT'] = folder;
}

/**
 * How to keep an engine from the newer instructions of this processor: what oneDNN, PyTorch's own kernels and MKL are told.
 * TensorFlow's own kernels are compiled for AVX and use nothing newer.
 */
const limits = {
  AVX2: { ONEDNN_MAX_CPU_ISA: 'AVX2', ATEN_CPU_CAPABILITY: 'avx2', MKL_ENABLE_INSTRUCTIONS: 'AVX2' },
  AVX512: { ONEDNN_MAX_CPU_ISA: 'AVX512_CORE', ATEN_CPU_CAPABILITY: 'avx512', MKL_ENABLE_INSTRUCTIONS: 'AVX512' },
} as const;

/** Instructions that this processor may be limited to, as an approximation of one that has no newer ones. */
export type InstructionSet = keyof typeof limits;

/** Keeps all engines from newer instructions than these. @throws Error where the name is none of those known. */
export function limitInstructions(name: string): InstructionSet {
  const known = Object.keys(limits) as InstructionSet[];
  const instructions = known.find((one) => one === name);
  if (instructions === undefined) throw new Error(`--isa must be ${known.join(' or ')}, not ${name}`);
  Object.assign(process.env, limits[instructions]);
  return instructions;
}
