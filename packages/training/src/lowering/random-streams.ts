import { createHash } from 'node:crypto';

import { add, constant, pack, type Tensor } from '@compound-search/graph';

/**
 * The seed int32 [2] of stateless random operations for one stream of a trial at one step. The stream's name is hashed
 * into the seed (31 bits of its SHA-256; the sum wraps around, as a seed may), so that weights and the dropout of each
 * layer draw unrelated numbers, whatever else the network has.
 */
export function streamSeed(seed: Tensor, stream: string, step: Tensor | number): Tensor {
  const { graph } = seed;
  const number = createHash('sha256').update(stream).digest().readUInt32LE(0) >>> 1;
  const moved = add(seed, constant(graph, number, { dtype: 'int32' }));
  return pack([moved, typeof step === 'number' ? constant(graph, step, { dtype: 'int32' }) : step]);
}
