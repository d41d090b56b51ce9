import { CompoundSearchError, type ErrorCode } from '@compound-search/contracts';

/** A training that is stopped since going on is no use: the same one would only come to the same again. */
export class StoppedTrainingError extends CompoundSearchError {
  /** Steps done. */
  readonly step: number;

  constructor(code: ErrorCode, message: string, { step, remedy }: { step: number; remedy: string }) {
    super(code, message, { remedy });
    this.step = step;
  }
}

/** @throws StoppedTrainingError TRIAL_DIVERGED where a loss is not finite. */
export function requireFinite(loss: number, step: number): void {
  if (Number.isFinite(loss)) return;
  throw new StoppedTrainingError('TRIAL_DIVERGED', `The loss is ${loss} at step ${step}`, {
    step,
    remedy: 'Use a lower learning rate.',
  });
}

/** What tells learning from guessing. */
export interface ChanceTest {
  /** Training images of the epoch, and how many of them were classified correctly. */
  readonly images: number;
  readonly correct: number;
  /** Share of the largest class, which the best guess without looking gets right. */
  readonly chance: number;
}

/** Whether the accuracy is within 3 standard deviations of chance, or below it. */
export function isNoBetterThanChance({ images, correct, chance }: ChanceTest): boolean {
  return correct <= images * chance + 3 * Math.sqrt(images * chance * (1 - chance));
}

/** Share of the largest class among the labels at `indices`. */
export function largestClassShare(labels: Int32Array, indices: Int32Array): number {
  const counts = new Map<number, number>();
  for (const index of indices) {
    const label = labels[index] ?? 0;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return Math.max(...counts.values()) / indices.length;
}
