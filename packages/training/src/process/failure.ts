import { CompoundSearchError, type ErrorCode, type TrialFailure } from '@compound-search/contracts';

import { StoppedTrainingError } from '../trial/divergence.ts';
import { isFileFault } from '../trial/file-fault.ts';

/** What TensorFlow, V8, the C++ library and the kernel say where there is no memory: none of them has a code for it. */
const noMemory =
  /OOM when allocating|heap out of memory|Array buffer allocation failed|bad_alloc|ENOMEM|allocate memory/u;

/** Why a training failed by what was thrown: the training itself, its data, its machine, or a fault of the program. */
export function failureOf(error: unknown): TrialFailure {
  const step = error instanceof StoppedTrainingError ? error.step : null;
  const code = codeOf(error);
  // Where the code says no more, the stack does.
  const message = code === 'TRIAL_FAILED' && error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  return { code, message, step };
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof CompoundSearchError) return error.code;
  if (noMemory.test(messageOf(error))) return 'TRIAL_OUT_OF_MEMORY';
  return isFileFault(error) ? 'STORAGE_FAILED' : 'TRIAL_FAILED';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Why a training failed whose process died without a word.
 * @param what - how it died, as `was ended by SIGKILL`.
 * @param standardError - the last that it said there.
 */
export function failureOfDead(what: string, standardError: string): TrialFailure {
  const message = `The training process ${what}${standardError === '' ? '' : `; its last output: ${standardError}`}`;
  return { code: noMemory.test(standardError) ? 'TRIAL_OUT_OF_MEMORY' : 'TRIAL_LOST', message, step: null };
}
