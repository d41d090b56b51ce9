import { describe, expect, it, onTestFinished } from 'vitest';

import { ThreadedFeed } from '../../src/feeding/threaded-feed.ts';

const imageBytes = 6;
const count = 50;
const images = Uint8Array.from({ length: count * imageBytes }, (_, position) => (position * 37) % 251);
const labels = Int32Array.from({ length: count }, (_, index) => index % 7);

async function createFeed(largestBatch: number, source: Uint8Array = images): Promise<ThreadedFeed> {
  const feed = await ThreadedFeed.create({ images: source, labels, count }, largestBatch);
  onTestFinished(() => feed.close());
  return feed;
}

/** Taken out of the ring, whose slots are written again. */
function taken(feed: ThreadedFeed, indices: Int32Array) {
  return Object.fromEntries(Object.entries(feed.batch(indices)).map(([name, elements]) => [name, [...elements]]));
}

function expected(indices: Int32Array) {
  return {
    images: [...indices].flatMap((index) => [...images.subarray(index * imageBytes, (index + 1) * imageBytes)]),
    labels: [...indices].map((index) => index % 7),
  };
}

function order(length: number, seed: number): Int32Array {
  return Int32Array.from({ length }, (_, position) => (position * seed + 3) % count);
}

function expectAll(feed: ThreadedFeed, indices: Int32Array, batchSize: number): void {
  feed.announce(indices, batchSize);
  for (let start = 0; start < indices.length; start += batchSize) {
    const batch = indices.subarray(start, start + batchSize);
    expect(taken(feed, batch)).toEqual(expected(batch));
  }
}

describe('ThreadedFeed', () => {
  it('gives the announced batches in turn, far more of them than the ring has slots', async () => {
    expectAll(await createFeed(4), order(400, 7), 4);
  });

  it('gives plan after plan, of batches of different sizes, however much of the one before was taken', async () => {
    const feed = await createFeed(8);
    for (const [plan, batchSize] of [3, 8, 1, 5, 8, 2].entries()) {
      const indices = order(5 * batchSize, plan + 2);
      feed.announce(indices, batchSize);
      for (let batch = 0; batch < plan; batch += 1) {
        const own = indices.subarray(batch * batchSize, (batch + 1) * batchSize);
        expect(taken(feed, own)).toEqual(expected(own));
      }
    }
    expectAll(feed, order(40, 11), 4);
  });

  it('gives batches that were not announced, and the announced ones after them', async () => {
    const feed = await createFeed(4);
    expect(taken(feed, Int32Array.of(49, 0))).toEqual(expected(Int32Array.of(49, 0)));
    const indices = order(8, 5);
    feed.announce(indices, 4);
    expect(taken(feed, Int32Array.of(1, 2, 3, 4))).toEqual(expected(Int32Array.of(1, 2, 3, 4)));
    expect(taken(feed, indices.subarray(0, 4))).toEqual(expected(indices.subarray(0, 4)));
    expect(taken(feed, indices.subarray(4, 8))).toEqual(expected(indices.subarray(4, 8)));
    expect(taken(feed, indices.subarray(0, 4))).toEqual(expected(indices.subarray(0, 4)));
  });

  it('has announced batches prepared by its thread: what changes afterwards is in none of them', async () => {
    const source = new Uint8Array(new SharedArrayBuffer(images.length));
    source.set(images);
    const feed = await createFeed(2, source);
    const indices = Int32Array.of(0, 1, 2, 3);
    feed.announce(indices, 2);
    // Having the first batch does not ask for the second, which the thread prepares by itself; a batch that is gathered
    // when it is asked for would be all zeros here.
    expect(taken(feed, indices.subarray(0, 2))).toEqual(expected(indices.subarray(0, 2)));
    await expect.poll(() => feed.prepared).toBe(2);
    source.fill(0);
    expect(taken(feed, indices.subarray(2, 4))).toEqual(expected(indices.subarray(2, 4)));
  });

  it('still gives every batch when its thread has gone', async () => {
    const feed = await createFeed(2);
    await feed.close();
    expectAll(feed, Int32Array.of(5, 6, 7, 8), 2);
    // None of them came from the thread.
    expect(feed.prepared).toBe(0);
  });
});
