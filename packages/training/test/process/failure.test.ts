import { readFileSync } from 'node:fs';

import { CompoundSearchError } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { failureOf, failureOfDead } from '../../src/process/failure.ts';
import { StoppedTrainingError } from '../../src/trial/divergence.ts';

function thrownBy(operation: () => unknown): unknown {
  try {
    return operation();
  } catch (error) {
    return error;
  }
}

describe('the code of a failed trial tells', () => {
  const stopped = new StoppedTrainingError('TRIAL_DIVERGED', 'The loss is NaN at step 7', { step: 7, remedy: '' });
  it.each([
    ['a training that diverged, with its step', stopped, { code: 'TRIAL_DIVERGED', step: 7 }],
    ['data that cannot be read', new CompoundSearchError('DATASET_INVALID', 'No images'), { code: 'DATASET_INVALID' }],
    ['a file that cannot be read', thrownBy(() => readFileSync('/')), { code: 'STORAGE_FAILED' }],
    [
      'a tensor that finds no memory',
      new Error('OOM when allocating tensor with shape[4096,4096] and type float by allocator cpu'),
      { code: 'TRIAL_OUT_OF_MEMORY' },
    ],
    ['a GPU without memory', new Error('RESOURCE_EXHAUSTED: Out of memory'), { code: 'TRIAL_OUT_OF_MEMORY' }],
    ['a library that finds none', new Error('CUBLAS_STATUS_ALLOC_FAILED'), { code: 'TRIAL_OUT_OF_MEMORY' }],
    [
      'an array that finds no memory',
      thrownBy(() => new ArrayBuffer(Number.MAX_SAFE_INTEGER)),
      { code: 'TRIAL_OUT_OF_MEMORY' },
    ],
    ['a fault of the program, with its stack', new TypeError('x is not a function'), { code: 'TRIAL_FAILED' }],
    ['what is no error at all', 'a text', { code: 'TRIAL_FAILED', message: 'a text' }],
  ])('%s', (_, error, expected) => {
    expect(failureOf(error)).toMatchObject({ step: null, ...expected });
  });

  it.each([
    ['was ended by SIGKILL', '', 'TRIAL_LOST'],
    ['was ended by SIGSEGV', 'Segmentation fault', 'TRIAL_LOST'],
    ['was ended by SIGABRT', 'FATAL ERROR: Reached heap limit - JavaScript heap out of memory', 'TRIAL_OUT_OF_MEMORY'],
    ['exited with code 1', 'failed to allocate 2G from device: CUDA_ERROR_OUT_OF_MEMORY', 'TRIAL_OUT_OF_MEMORY'],
    ['was ended by SIGABRT', "terminate called after throwing an instance of 'std::bad_alloc'", 'TRIAL_OUT_OF_MEMORY'],
  ])('a process that %s and said "%s"', (what, standardError, code) => {
    expect(failureOfDead({ what, standardError, foundNoMemory: false })).toMatchObject({ code, step: null });
  });

  it('a process that was ended while the kernel killed for want of memory', () => {
    const death = { what: 'was ended by SIGKILL', standardError: '', foundNoMemory: true };
    expect(failureOfDead(death)).toEqual({
      code: 'TRIAL_OUT_OF_MEMORY',
      message: 'The training process was ended by SIGKILL, while the kernel killed processes for want of memory',
      step: null,
    });
  });
});
