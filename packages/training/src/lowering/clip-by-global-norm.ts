import { addN, constant, div, l2Loss, maximum, mul, sqrt, type Tensor } from '@compound-search/graph';

/**
 * Gradients scaled down together where their norm, the root of the sum of all squares, is above `limit`
 * (Pascanu et al. 2013). A norm that is not finite makes the gradients so, and the loss of the next step tells it.
 */
export function clipByGlobalNorm(gradients: readonly Tensor[], limit: number): Tensor[] {
  // TensorFlow's l2Loss is half the sum of squares, in one operation.
  const norm = sqrt(mul(addN(gradients.map((gradient) => l2Loss(gradient))), 2));
  const scale = div(constant(norm.graph, limit), maximum(norm, limit));
  return gradients.map((gradient) => mul(gradient, scale));
}
