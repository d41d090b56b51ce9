import { z } from 'zod';

import { parseEnvironment } from './environment.ts';

/** Whether TensorFlow runs oneDNN's kernels, in TensorFlow's own words: other ones would end the process that loads it. */
export const oneDnnSchema = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['0', '1', 'false', 'true'], { error: 'Give 0 or 1' }))
  .transform((value) => (value === '1' || value === 'true' ? '1' : '0'));

const asGiven = z.string().optional();

/** Environment variables that decide which kernels TensorFlow runs, and with them the last bits of what it computes. */
const variablesSchema = z.object({
  TF_ENABLE_ONEDNN_OPTS: oneDnnSchema.optional(),
  TF_SET_ONEDNN_FPMATH_MODE: asGiven,
  TF_XLA_FLAGS: asGiven,
  ONEDNN_DEFAULT_FPMATH_MODE: asGiven,
  ONEDNN_MAX_CPU_ISA: asGiven,
  NVIDIA_TF32_OVERRIDE: asGiven,
});

type KernelSettings = Readonly<z.infer<typeof variablesSchema>>;

/**
 * The kernels that a training runs: those that the environment asks for, and else the fastest ones of the processor.
 *
 * On x86-64 that is oneDNN. TensorFlow itself leaves it off where there is no AVX-512 with VNNI, yet a training is faster
 * with it there too: 1.14 to 1.67 times the images per core-second in four networks on an AMD Zen 3. On other processors
 * TensorFlow's choice stands.
 *
 * @param architecture as Node names it, e.g. `x64`
 * @throws Error that lists every variable at fault
 */
export function kernelSettings(variables: Readonly<NodeJS.ProcessEnv>, architecture: string): KernelSettings {
  const ofProcessor: KernelSettings = architecture === 'x64' ? { TF_ENABLE_ONEDNN_OPTS: '1' } : {};
  return { ...ofProcessor, ...parseEnvironment(variablesSchema, variables) };
}

/** The settings that an environment has, as a shell takes them in the order of their names: the same text is the same kernels. */
export function formatKernelSettings(variables: Readonly<NodeJS.ProcessEnv>): string {
  return Object.entries(parseEnvironment(variablesSchema, variables))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
