import {
  add,
  mul,
  type Shape,
  statelessRandomGamma,
  statelessRandomIntegers,
  statelessRandomUniform,
  type Tensor,
} from '@compound-search/graph';

import type { RandomStreams } from '../random-streams.ts';

/** Where the random numbers of a step's augmentation come from. */
export interface ImageDraws {
  /** Images of the batch. */
  readonly batch: number;
  /** float32 [batch], or of another shape: evenly over [from, to). */
  uniform(stream: string, bounds: { readonly from: number; readonly to: number; readonly shape?: Shape }): Tensor;
  /** int32 [batch], evenly from `from` to `below - 1`. */
  integers(stream: string, bounds: { readonly from: number; readonly below: number }): Tensor;
  /** float32 [batch], of the gamma distribution of shape `alpha` and scale 1. */
  gamma(stream: string, alpha: number): Tensor;
}

/**
 * Draws for a batch out of the random streams of a step. Every name is a stream of its own below `augmentation/`, so that
 * no augmentation changes the draws of another, of dropout or of the weights.
 */
export function imageDraws(streams: RandomStreams, batch: number): ImageDraws {
  const seedOf = (stream: string): Tensor => streams(`augmentation/${stream}`);
  return {
    batch,
    uniform: (stream, { from, to, shape = [batch] }) =>
      add(mul(statelessRandomUniform(seedOf(stream), { shape }), to - from), from),
    integers: (stream, bounds) => statelessRandomIntegers(seedOf(stream), { ...bounds, shape: [batch] }),
    gamma: (stream, alpha) => statelessRandomGamma(seedOf(stream), { shape: [batch], alpha }),
  };
}
