import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import type { Elements } from '../tensorflow/session.ts';
import type { BatchFeed, FedImages } from './batch-feed.ts';
import { type BatchPlan, type BatchRing, counter, createBatchRing, gatherImages, slotOf } from './batch-ring.ts';

/** A thread that gives no batch for so long has gone or is starved; the batch is then gathered here. */
const patienceMilliseconds = 1000;

/** The images stay outside the graph; another thread gathers the announced batches while TensorFlow blocks this one. */
export class ThreadedFeed implements BatchFeed {
  readonly #labels: Int32Array;
  readonly #ring: BatchRing;
  readonly #counters: Int32Array;
  readonly #thread: Worker;
  #plan: BatchPlan = { first: 0, indices: new Int32Array(0), batchSize: 1 };
  /** Number of the next announced batch. */
  #next = 0;

  private constructor(labels: Int32Array, ring: BatchRing, thread: Worker) {
    this.#labels = labels;
    this.#ring = ring;
    this.#counters = new Int32Array(ring.counters);
    this.#thread = thread;
  }

  /** Starts the thread; no batch may have more than `largestBatch` images. */
  static async create({ images, labels, count }: FedImages, largestBatch: number): Promise<ThreadedFeed> {
    const ring = createBatchRing(images, images.byteLength / count, largestBatch);
    const [hooks, program] = [import.meta.resolve('tsx/esm/api'), new URL('./gather-thread.ts', import.meta.url).href];
    // Node 20 does not wait for `--import` before it loads a thread's first file, so the hooks are registered by hand.
    const start = `import('${hooks}').then(({ register }) => { register(); return import('${program}'); });`;
    const thread = new Worker(start, { eval: true, workerData: ring });
    await once(thread, 'message');
    thread.unref();
    return new ThreadedFeed(labels, ring, thread);
  }

  /** Batches that the thread has prepared since the start. */
  get prepared(): number {
    return Atomics.load(this.#counters, counter.prepared);
  }

  announce(indices: Int32Array, batchSize: number): void {
    const { first, indices: earlier, batchSize: earlierSize } = this.#plan;
    this.#plan = { first: first + Math.ceil(earlier.length / earlierSize), indices: indices.slice(), batchSize };
    this.#next = this.#plan.first;
    // The plan before the slots: a thread that waits for a slot of the earlier plan must find that it is out of force.
    Atomics.store(this.#counters, counter.plan, this.#plan.first);
    this.#release(this.#plan.first);
    this.#thread.postMessage(this.#plan);
  }

  batch(indices: Int32Array): Readonly<Record<string, Elements>> {
    const labels = indices.map((index) => this.#labels[index] ?? 0);
    if (!this.#isNext(indices)) return { images: this.#gather(indices), labels };
    const number = this.#next;
    this.#next += 1;
    // The batch before was read by now.
    this.#release(number);
    const images = this.#isPrepared(number) ? slotOf(this.#ring, number, indices.length) : this.#gather(indices);
    return { images, labels };
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }

  #isNext(indices: Int32Array): boolean {
    const { first, indices: planned, batchSize } = this.#plan;
    const start = (this.#next - first) * batchSize;
    const expected = planned.subarray(start, start + batchSize);
    return expected.length === indices.length && expected.every((index, position) => index === indices[position]);
  }

  #isPrepared(number: number): boolean {
    for (;;) {
      const { prepared } = this;
      if (prepared > number) return true;
      if (Atomics.wait(this.#counters, counter.prepared, prepared, patienceMilliseconds) === 'timed-out') return false;
    }
  }

  #release(number: number): void {
    Atomics.store(this.#counters, counter.released, number);
    Atomics.notify(this.#counters, counter.released);
  }

  #gather(indices: Int32Array): Uint8Array {
    const target = new Uint8Array(indices.length * this.#ring.imageBytes);
    gatherImages(this.#ring, indices, target);
    return target;
  }
}
