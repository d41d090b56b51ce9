import type { CompoundSearchError } from '@compound-search/contracts';

import { datasetFault } from './dataset-fault.ts';

/** Bytes of the largest array or data set: more fit no training graph, and a small malicious file could fill the memory. */
export const maximumBytes = 2 ** 31;

/** DATASET_INVALID for what is larger than {@link maximumBytes}; `size` says how large, as `takes ... bytes`. */
export function tooLarge(file: string, size: string): CompoundSearchError {
  return datasetFault(file, `${file} ${size}; at most 2 GiB are supported.`, {
    remedy: 'Use smaller images or fewer of them, each value as one byte.',
  });
}

/** @throws CompoundSearchError DATASET_INVALID where bytes are more than {@link maximumBytes}. */
export function requireSize(file: string, bytes: number): void {
  if (bytes > maximumBytes) throw tooLarge(file, `takes ${bytes.toLocaleString('en-US')} bytes`);
}
