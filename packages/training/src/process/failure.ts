import { CompoundSearchError, type ErrorCode, type TrialFailure } from '@compound-search/contracts';

import { StoppedTrainingError } from '../trial/divergence.ts';
import { isFileFault } from '../trial/file-fault.ts';

/** What TensorFlow, CUDA, V8, the C++ library and the kernel say where there is no memory: none of them has a code for it. */
const noMemory =
  /OOM when allocating|RESOURCE_?\s?EXHAUSTED|OUT_OF_MEMORY|_ALLOC_FAILED|heap out of memory|Array buffer allocation failed|bad_alloc|ENOMEM|allocate memory/iu;

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

/** How a process died. */
export interface Death {
  /** As `was ended by SIGKILL`. */
  readonly what: string;
  /** The last that it said there. */
  readonly standardError: string;
  /** Whether the kernel has killed it for want of memory, as far as that can be known. */
  readonly foundNoMemory: boolean;
}

/** Why a training failed whose process died without a word. */
export function failureOfDead({ what, standardError, foundNoMemory }: Death): TrialFailure {
  const reason = foundNoMemory ? ', while the kernel killed processes for want of memory' : '';
  const message = `The training process ${what}${reason}${standardError === '' ? '' : `; its last output: ${standardError}`}`;
  const isOutOfMemory = foundNoMemory || noMemory.test(standardError);
  return { code: isOutOfMemory ? 'TRIAL_OUT_OF_MEMORY' : 'TRIAL_LOST', message, step: null };
}
