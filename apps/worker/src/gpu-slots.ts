/** Shares out the GPUs of a machine among the trials that run on it. */
export interface GpuSlots {
  /** The GPU with the fewest trials for its share of slots; among free slots, one of another GPU than the avoided one. */
  take(avoided?: string): string;
  release(gpu: string): void;
}

/** @param gpus - one entry for each slot; a GPU that stands twice takes two trials before another takes one more. */
export function createGpuSlots(gpus: readonly string[]): GpuSlots {
  const slots = gpus.map((gpu) => ({ gpu, trials: 0 }));
  return {
    take(avoided) {
      const [slot] = slots.toSorted(
        (a, b) => a.trials - b.trials || Number(a.gpu === avoided) - Number(b.gpu === avoided),
      );
      if (slot === undefined) throw new Error('There is no GPU to share out');
      slot.trials += 1;
      return slot.gpu;
    },
    release(gpu) {
      const [slot] = slots.filter((one) => one.gpu === gpu).toSorted((a, b) => b.trials - a.trials);
      if (slot !== undefined) slot.trials -= 1;
    },
  };
}
