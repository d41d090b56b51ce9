/**
 * Memory that the trainer's thread and the gathering thread share: all images, and a ring of slots of one batch each.
 *
 * Batches are numbered through, over all plans (a plan being what was announced at once). Each counter has one writer:
 * `prepared` counts the batches that the gathering thread has written, `released` those whose slots it may overwrite,
 * and `plan` is the number of the first batch of the plan in force. Batch n lies in slot n modulo `slotCount`.
 */
export interface BatchRing {
  /** uint8 [count, imageBytes] */
  readonly images: SharedArrayBuffer;
  readonly imageBytes: number;
  /** uint8 [slotCount, slotBytes] */
  readonly slots: SharedArrayBuffer;
  readonly slotBytes: number;
  /** int32 [plan, prepared, released] */
  readonly counters: SharedArrayBuffer;
}

/** What the gathering thread is asked to prepare. */
export interface BatchPlan {
  /** Number of its first batch. */
  readonly first: number;
  /** [batches * batchSize] */
  readonly indices: Int32Array;
  readonly batchSize: number;
}

/** Positions in `counters`. */
export const counter = { plan: 0, prepared: 1, released: 2 } as const;

/** One batch is read by TensorFlow while the next one is gathered. */
export const slotCount = 2;

/** A ring over `images` for batches of at most `largestBatch` images. */
export function createBatchRing(images: Uint8Array, imageBytes: number, largestBatch: number): BatchRing {
  const slotBytes = largestBatch * imageBytes;
  return {
    images: shared(images),
    imageBytes,
    slots: new SharedArrayBuffer(slotCount * slotBytes),
    slotBytes,
    counters: new SharedArrayBuffer(Object.keys(counter).length * Int32Array.BYTES_PER_ELEMENT),
  };
}

/** The buffer of `images` where threads can share it, else a copy. */
function shared(images: Uint8Array): SharedArrayBuffer {
  if (images.buffer instanceof SharedArrayBuffer && images.byteLength === images.buffer.byteLength)
    return images.buffer;
  const buffer = new SharedArrayBuffer(images.byteLength);
  new Uint8Array(buffer).set(images);
  return buffer;
}

/** The slot of batch `number`, cut to `images` images. */
export function slotOf({ slots, slotBytes, imageBytes }: BatchRing, number: number, images: number): Uint8Array {
  return new Uint8Array(slots, (number % slotCount) * slotBytes, images * imageBytes);
}

/** Copies the images at `indices` one after the other to `target`. */
export function gatherImages({ images, imageBytes }: BatchRing, indices: Int32Array, target: Uint8Array): void {
  const source = new Uint8Array(images);
  indices.forEach((index, position) => {
    target.set(source.subarray(index * imageBytes, (index + 1) * imageBytes), position * imageBytes);
  });
}
