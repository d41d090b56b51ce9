import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { kernelSettings } from '@compound-search/contracts';
import { environmentWith, lastLines, run } from '@compound-search/downloads';

/** What a process that loaded TensorFlow saw. */
export interface LoadedLibrary {
  /** TensorFlow's own word, e.g. `2.21.0`. */
  readonly version: string;
  /** Where operations run: `CPU`, and the name of every GPU that TensorFlow can use. */
  readonly devices: readonly string[];
  /** Processor instructions that the library uses beyond its baseline, e.g. `AVX2`. */
  readonly cpuFeatures: readonly string[];
  readonly isUsingOneDnn: boolean;
}

/** The outcome of loading TensorFlow and running one operation. */
export type ProbeOutcome =
  { readonly canRun: true; readonly library: LoadedLibrary } | { readonly canRun: false; readonly reason: string };

const timeoutMs = 120_000;
// [1 2; 3 4] x [5 6; 7 8], row by row: 1*5+2*7, 1*6+2*8, 3*5+4*7, 3*6+4*8.
const expectedProduct = [19, 22, 43, 50];

/**
 * Loads TensorFlow in a child process and multiplies two matrices with it.
 * @param addon path of the compiled addon
 */
export async function probeLibrary(addon: string): Promise<ProbeOutcome> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const probe = fileURLToPath(new URL('./probe.ts', import.meta.url));
  const env = environmentWith({
    // As a training runs, so that what is reported holds for one. (A product of matrices knows no other difference.)
    ...kernelSettings(environmentWith({}), { architecture: process.arch, hasAvx512: true }),
    // At this level TensorFlow says which devices and which processor instructions it found.
    TF_CPP_MIN_LOG_LEVEL: '0',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    NODE_OPTIONS: '',
  });
  const { code, stdout, stderr } = await run(process.execPath, ['--import', loader, probe, addon], { env, timeoutMs });
  if (code !== 0) {
    const how = code === null ? `was ended by a signal or after ${timeoutMs / 1000} s` : `ended with exit code ${code}`;
    return { canRun: false, reason: `The process that loaded TensorFlow ${how}: ${lastLines(stderr, 4)}` };
  }
  return judge(stdout, stderr);
}

function judge(stdout: string, log: string): ProbeOutcome {
  const seen: unknown = JSON.parse(lastLines(stdout, 1));
  if (!isSeen(seen)) return { canRun: false, reason: `The probe printed what it should not: ${stdout}` };
  if (seen.product.length !== 4 || expectedProduct.some((value, index) => seen.product[index] !== value)) {
    return { canRun: false, reason: `TensorFlow multiplies wrongly: ${seen.product.join(', ')}` };
  }
  const gpus = [...log.matchAll(/-> device: \d+, name: ([^,]+),/g)].map((match) => `GPU ${match[1] ?? ''}`);
  const devices = ['CPU', ...(seen.isUsingGpu && gpus.length === 0 ? ['GPU'] : gpus)];
  const instructions = /following instructions: ([^,\n]+),/.exec(log)?.[1];
  return {
    canRun: true,
    library: {
      version: seen.version,
      devices,
      cpuFeatures: instructions?.split(/\s+/) ?? [],
      isUsingOneDnn: log.includes('oneDNN custom operations are on'),
    },
  };
}

interface Seen {
  readonly version: string;
  readonly isUsingGpu: boolean;
  readonly product: readonly unknown[];
}

function isSeen(value: unknown): value is Seen {
  if (typeof value !== 'object' || value === null) return false;
  const hasFields = 'version' in value && 'isUsingGpu' in value && 'product' in value;
  return hasFields && typeof value.version === 'string' && Array.isArray(value.product);
}
