import { GraphError } from '../../graph/graph-error.ts';
import type { Tensor } from '../../graph/operation.ts';
import { checkShape, type Shape } from '../../graph/shape.ts';
import { constant } from '../array/constant.ts';
import { checkSeed } from './stateless-random.ts';

/**
 * Random float32 numbers of the gamma distribution with shape parameter `alpha` and scale 1: a pure function of the
 * int32 or int64 seed `[2]`. Not differentiable.
 */
export function statelessRandomGamma(seed: Tensor, options: { readonly shape: Shape; readonly alpha: number }): Tensor {
  const type = 'StatelessRandomGammaV2';
  checkSeed(type, seed);
  if (!(options.alpha > 0)) throw new GraphError(type, `alpha must be above 0; it is ${options.alpha}`);
  const shape = checkShape(type, options.shape);
  const { graph } = seed;
  return graph.addTensor({
    type,
    inputs: [constant(graph, shape, { dtype: 'int32' }), seed, constant(graph, options.alpha)],
    attributes: { dtype: { type: 'float32' }, T: { type: 'int32' }, Tseed: { type: seed.dtype } },
    outputs: [{ dtype: 'float32', shape }],
  });
}
