import type { Tensor } from '../../graph/operation.ts';
import { type RandomOptions, statelessRandom } from './stateless-random.ts';

/** Random numbers of the normal distribution with mean 0 and standard deviation 1: a pure function of the int32 or int64 seed `[2]`. */
export function statelessRandomNormal(seed: Tensor, options: RandomOptions): Tensor {
  return statelessRandom('StatelessRandomNormal', seed, options);
}
