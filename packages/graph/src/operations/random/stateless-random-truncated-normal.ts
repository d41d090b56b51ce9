import type { Tensor } from '../../graph/operation.ts';
import { type RandomOptions, statelessRandom } from './stateless-random.ts';

/** Random numbers of the standard normal distribution, those beyond two standard deviations drawn again: a pure function of the int32 or int64 seed `[2]`. */
export function statelessRandomTruncatedNormal(seed: Tensor, options: RandomOptions): Tensor {
  return statelessRandom('StatelessTruncatedNormal', seed, options);
}
