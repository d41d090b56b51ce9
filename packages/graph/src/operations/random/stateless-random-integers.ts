import { GraphError } from '../../graph/graph-error.ts';
import type { Tensor } from '../../graph/operation.ts';
import { checkShape, type Shape } from '../../graph/shape.ts';
import { constant } from '../array/constant.ts';
import { checkSeed } from './stateless-random.ts';

/** Shape and bounds of random integers. */
export interface RandomIntegersOptions {
  readonly shape: Shape;
  /** Smallest value. @defaultValue 0 */
  readonly from?: number;
  /** One more than the largest value. */
  readonly below: number;
}

/** Random int32 numbers spread evenly from `from` to `below - 1`: a pure function of the int32 or int64 seed `[2]`. */
export function statelessRandomIntegers(seed: Tensor, options: RandomIntegersOptions): Tensor {
  const { from = 0, below } = options;
  checkSeed('StatelessRandomUniformInt', seed);
  if (below <= from) {
    throw new GraphError('StatelessRandomUniformInt', `below must be above from; they are ${below} and ${from}`);
  }
  const shape = checkShape('StatelessRandomUniformInt', options.shape);
  const bound = (value: number): Tensor => constant(seed.graph, value, { dtype: 'int32' });
  return seed.graph.addTensor({
    type: 'StatelessRandomUniformInt',
    inputs: [constant(seed.graph, shape, { dtype: 'int32' }), seed, bound(from), bound(below)],
    attributes: { dtype: { type: 'int32' }, T: { type: 'int32' }, Tseed: { type: seed.dtype } },
    outputs: [{ dtype: 'int32', shape }],
  });
}
