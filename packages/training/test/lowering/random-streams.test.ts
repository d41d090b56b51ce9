import { createHash } from 'node:crypto';

import { add, constant, Graph, pack, placeholder, statelessRandomUniform, type Tensor } from '@compound-search/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { randomStreams } from '../../src/lowering/random-streams.ts';
import { runSignature } from './run-signature.ts';

type Fed = readonly [seed: number, step: number];

/** 31 bits of the name's hash, which seeds were added to before. */
function offsetOf(stream: string): number {
  return createHash('sha256').update(stream).digest().readUInt32LE(0) >>> 1;
}

function addedSeed(seed: Tensor, step: Tensor, stream: string): Tensor {
  return pack([add(seed, constant(seed.graph, offsetOf(stream), { dtype: 'int32' })), step]);
}

/** The numbers that the streams draw, by name, for each seed and step. */
async function draw(
  fed: readonly Fed[],
  streams: readonly string[],
  seedOf: (seed: Tensor, step: Tensor, stream: string) => Tensor,
) {
  const graph = new Graph();
  const inputs = {
    seed: placeholder(graph, 'seed', { dtype: 'int32', shape: [] }),
    step: placeholder(graph, 'step', { dtype: 'int32', shape: [] }),
  };
  const outputs = Object.fromEntries(
    streams.map((stream) => [stream, statelessRandomUniform(seedOf(inputs.seed, inputs.step, stream), { shape: [4] })]),
  );
  const runs = fed.map(([seed, step]) => ({ seed: Int32Array.of(seed), step: Int32Array.of(step) }));
  const drawn = await runSignature(graph, { inputs, outputs }, runs);
  return drawn.map((outcome) =>
    Object.fromEntries(Object.entries(outcome).map(([name, values]) => [name, values.join()])),
  );
}

function keyedSeed(seed: Tensor, step: Tensor, stream: string): Tensor {
  return randomStreams(seed, step)(stream);
}

const largest = 2 ** 31 - 1;
const one = 'stage1/block1/stochastic-depth';
const other = 'head/dropout';
/** With seeds so far apart, adding the hashes gave both streams the same numbers at every step. */
const seeds: readonly [number, number] =
  offsetOf(one) < offsetOf(other) ? [7 + offsetOf(other) - offsetOf(one), 7] : [7, 7 + offsetOf(one) - offsetOf(other)];

describe('the random streams of a trial', () => {
  it('are not those of another seed, as they were when the hash of the name was added to the seed', async () => {
    const fed: readonly Fed[] = [
      [seeds[0], 3],
      [seeds[1], 3],
    ];
    const [firstAdded, secondAdded] = await draw(fed, [one, other], addedSeed);
    expect(firstAdded?.[one]).toBe(secondAdded?.[other]);
    const [first, second] = await draw(fed, [one, other], keyedSeed);
    expect(first?.[one]).not.toBe(second?.[other]);
  });

  it('all differ over seeds, steps and names, up to the largest of each', async () => {
    const edges = [0, 1, 2, 65_536, largest - 1, largest, ...seeds];
    const fed = edges.flatMap((seed) => edges.map((step): Fed => [seed, step]));
    const names = ['a', 'b', one, other, 'augmentation/mixup', 'stem/main/convolution/kernel'];
    const drawn = (await draw(fed, names, keyedSeed)).flatMap((run) => Object.values(run));
    expect(new Set(drawn).size).toBe(edges.length ** 2 * names.length);
  });

  it('draw from the seed and the step below two halves of the hash of their name', async () => {
    const fed: readonly Fed[] = [[largest, 5]];
    const keyedNumbers = await draw(fed, [one, other], keyedSeed);
    const expected = await draw(fed, [one, other], (seed, _step, stream) =>
      constant(seed.graph, wordsOf(largest, 5, stream)),
    );
    expect(keyedNumbers).toEqual(expected);
  });

  it('have no seed in common', () => {
    const whole = fc.integer({ min: 0, max: largest });
    const triple = fc.tuple(whole, whole, fc.constantFrom('a', 'b', one, other));
    fc.assert(
      fc.property(triple, triple, (first, second) => {
        fc.pre(first.join() !== second.join());
        expect(wordsOf(...first)).not.toEqual(wordsOf(...second));
      }),
    );
  });
});

/** [seed + 2^31 a, step + 2^31 b], where a and b are the first 32 bits of the name's SHA-256 and the next. */
function wordsOf(seed: number, step: number, stream: string): bigint[] {
  const hash = createHash('sha256').update(stream).digest();
  return [BigInt(seed) + (BigInt(hash.readInt32LE(0)) << 31n), BigInt(step) + (BigInt(hash.readInt32LE(4)) << 31n)];
}
