import type { Elements } from '../tensorflow/session.ts';

/** Where a batch comes from: what the train and evaluate signatures of a graph are fed. */
export interface BatchFeed {
  /**
   * Says which batches come next: `indices` [batches * batchSize], in their order. It only saves time: a batch that was
   * not announced, or comes out of turn, is given all the same.
   */
  announce(indices: Int32Array, batchSize: number): void;
  /** Inputs for the images at `indices` [batch], valid until the next call. */
  batch(indices: Int32Array): Readonly<Record<string, Elements>>;
  /** Resolves when nothing is held any more, memory that a thread shares included. */
  close(): Promise<void>;
}

/** Images and labels of a trial, as PreparedData has them. */
export interface FedImages {
  /** uint8 [count, height, width, channels] */
  readonly images: Uint8Array;
  /** int32 [count] */
  readonly labels: Int32Array;
  readonly count: number;
}

/** The images are variables of the graph: only indices cross. */
export const residentFeed: BatchFeed = {
  announce: () => undefined,
  batch: (indices) => ({ indices }),
  close: () => Promise.resolve(),
};
