/** The gathering thread: copies the images of the next batches together while TensorFlow runs a step. */
import { parentPort, workerData } from 'node:worker_threads';

import { type BatchPlan, type BatchRing, counter, gatherImages, slotCount, slotOf } from './batch-ring.ts';

const ring = workerData as BatchRing;
const counters = new Int32Array(ring.counters);

/** Waits for the slot of batch `number`. @returns false where another plan has come into force meanwhile. */
function waitForSlot(number: number, { first }: BatchPlan): boolean {
  for (;;) {
    const released = Atomics.load(counters, counter.released);
    if (Atomics.load(counters, counter.plan) !== first) return false;
    if (number < released + slotCount) return true;
    Atomics.wait(counters, counter.released, released);
  }
}

function prepare(plan: BatchPlan): void {
  const { first, indices, batchSize } = plan;
  for (let batch = 0; batch * batchSize < indices.length; batch += 1) {
    const number = first + batch;
    if (!waitForSlot(number, plan)) return;
    const own = indices.subarray(batch * batchSize, (batch + 1) * batchSize);
    gatherImages(ring, own, slotOf(ring, number, own.length));
    Atomics.store(counters, counter.prepared, number + 1);
    Atomics.notify(counters, counter.prepared);
  }
}

parentPort?.on('message', prepare);
parentPort?.postMessage('ready');
