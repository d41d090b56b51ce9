import type { DType } from '../../graph/dtype.ts';
import { GraphError } from '../../graph/graph-error.ts';
import { checkType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { checkShape, formatShape, sameShape, type Shape } from '../../graph/shape.ts';
import { constant } from '../array/constant.ts';

/** Shape and type of random numbers. */
export interface RandomOptions {
  readonly shape: Shape;
  /** @defaultValue float32 */
  readonly dtype?: DType;
}

/** Random numbers that are a pure function of an int32 or int64 seed `[2]`. */
export function statelessRandom(type: string, seed: Tensor, options: RandomOptions): Tensor {
  const { dtype = 'float32' } = options;
  checkSeed(type, seed);
  const shape = checkShape(type, options.shape);
  return seed.graph.addTensor({
    type,
    inputs: [constant(seed.graph, shape, { dtype: 'int32' }), seed],
    attributes: { dtype: { type: dtype }, T: { type: 'int32' }, Tseed: { type: seed.dtype } },
    outputs: [{ dtype, shape }],
  });
}

/** Throws where a seed is not an int32 or int64 tensor of shape `[2]`. */
export function checkSeed(type: string, seed: Tensor): void {
  checkType(type, 'the seed', seed, ['int32', 'int64']);
  if (!sameShape(seed.shape, [2])) {
    throw new GraphError(type, `the seed must have shape [2]; its shape is ${formatShape(seed.shape)}`);
  }
}
