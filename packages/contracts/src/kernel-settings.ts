import { z } from 'zod';

import { parseEnvironment } from './environment.ts';

/** Whether TensorFlow runs oneDNN's kernels, in TensorFlow's own words: other ones would end the process that loads it. */
const oneDnnSchema = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['0', '1', 'false', 'true'], { error: 'Give 0 or 1' }))
  .transform((value) => (value === '1' || value === 'true' ? '1' : '0'));

const asGiven = z.string().optional();

/** Environment variables that decide which kernels TensorFlow runs, and with them the last bits of what it computes. */
export const kernelSettingsSchema = z.object({
  /** Whether trainings run oneDNN's kernels. */
  TF_ENABLE_ONEDNN_OPTS: oneDnnSchema.optional(),
  /** Whose kernels normalize batches in a training with oneDNN: its own, or TensorFlow's where those are faster. */
  COMPOUND_SEARCH_BATCH_NORMALIZATION: z.enum(['onednn', 'tensorflow']).optional(),
  TF_SET_ONEDNN_FPMATH_MODE: asGiven,
  TF_XLA_FLAGS: asGiven,
  ONEDNN_DEFAULT_FPMATH_MODE: asGiven,
  ONEDNN_MAX_CPU_ISA: asGiven,
  NVIDIA_TF32_OVERRIDE: asGiven,
});

export type KernelSettings = Readonly<z.infer<typeof kernelSettingsSchema>>;

/** What decides which kernels are the fastest ones of a processor. */
export interface Processor {
  /** As Node names it, e.g. `x64`. */
  readonly architecture: string;
  readonly hasAvx512: boolean;
}

/**
 * The kernels that a training runs: those that the environment asks for, and else the fastest ones of the processor.
 *
 * On x86-64 these are oneDNN's. TensorFlow itself leaves it off where there is no AVX-512 with VNNI, yet a training is faster
 * with it there too: 1.14 to 1.67 times the images per core-second in four networks on an AMD Zen 3. Without AVX-512 the one
 * exception is batch normalization forwards, which takes oneDNN 1.2 to 2.5 times TensorFlow's time in a profile of its AVX2
 * kernels (docs/performance.md).
 *
 * @throws Error that lists every variable at fault
 */
export function kernelSettings(
  variables: Readonly<Record<string, string | undefined>>,
  processor: Processor,
): KernelSettings {
  const asked = parseEnvironment(kernelSettingsSchema, variables);
  if (processor.architecture !== 'x64' || asked.TF_ENABLE_ONEDNN_OPTS === '0') return asked;
  const isWide = processor.hasAvx512 && !belowAvx512.test(asked.ONEDNN_MAX_CPU_ISA ?? '');
  const narrow = isWide ? {} : ({ COMPOUND_SEARCH_BATCH_NORMALIZATION: 'tensorflow' } as const);
  return { TF_ENABLE_ONEDNN_OPTS: '1', ...narrow, ...asked };
}

/** What oneDNN is limited to in `ONEDNN_MAX_CPU_ISA` where it is to do without AVX-512. */
const belowAvx512 = /^(?:SSE41|AVX|AVX2(?:_.*)?)$/i;

/** The settings that an environment has, as a shell takes them in the order of their names: the same text is the same kernels. */
export function formatKernelSettings(variables: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(parseEnvironment(kernelSettingsSchema, variables))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
