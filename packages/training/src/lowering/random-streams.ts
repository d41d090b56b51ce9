import { createHash } from 'node:crypto';

import { add, cast, constant, pack, type Tensor } from '@compound-search/graph';

/** The seed int64 [2] that a stream of that name draws from. */
export type RandomStreams = (stream: string) => Tensor;

/**
 * The random streams of a trial at one step, from its seed and the step, both int32 [] and not negative. The seed of a
 * stream is [seed + 2^31 a, step + 2^31 b], where a and b are 32 bits each of the SHA-256 of its name. Seed and step have
 * 31 bits, so a stream never meets itself again, and meets another one only where 64 bits of their hashes are equal. A
 * layer keeps its numbers whatever else the network has.
 */
export function randomStreams(seed: Tensor, step: Tensor | number): RandomStreams {
  const { graph } = seed;
  const pair = (): Tensor => {
    const steps = typeof step === 'number' ? constant(graph, step, { dtype: 'int32' }) : step;
    return graph.atRoot(() => graph.onHost(() => cast(pack([seed, steps]), 'int64')));
  };
  let words: Tensor | undefined;
  return (stream) => {
    const shared = (words ??= pair());
    return graph.onHost(() => add(shared, constant(graph, hashWords(stream), { name: 'stream' })));
  };
}

function hashWords(stream: string): [bigint, bigint] {
  const hash = createHash('sha256').update(stream).digest();
  return [BigInt(hash.readInt32LE(0)) << 31n, BigInt(hash.readInt32LE(4)) << 31n];
}
