import type { Tensor } from '../../graph/operation.ts';
import { type RandomOptions, statelessRandom } from './stateless-random.ts';

/** Random numbers spread evenly over [0, 1): a pure function of the int32 or int64 seed `[2]`. */
export function statelessRandomUniform(seed: Tensor, options: RandomOptions): Tensor {
  return statelessRandom('StatelessRandomUniform', seed, options);
}
