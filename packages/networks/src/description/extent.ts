import type { Extent } from './stage-schema.ts';

/** A kernel or stride as one number per axis. */
export function perAxis(extent: Extent, axes: number): readonly number[] {
  return typeof extent === 'number' ? Array.from({ length: axes }, () => extent) : extent;
}

/** Whether a stride leaves every side of the map as it is. */
export function isUnstrided(stride: Extent): boolean {
  return typeof stride === 'number' ? stride === 1 : stride.every((step) => step === 1);
}
