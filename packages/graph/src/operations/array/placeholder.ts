import type { DType } from '../../graph/dtype.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Tensor } from '../../graph/operation.ts';
import { checkShape, type Shape, unknownSize } from '../../graph/shape.ts';

/** A value that is fed when the graph runs. Its first size, the batch, may be {@link unknownSize}. */
export function placeholder(
  graph: Graph,
  name: string,
  options: { readonly dtype: DType; readonly shape: Shape },
): Tensor {
  const { shape } = options;
  checkShape('Placeholder', shape[0] === unknownSize ? shape.slice(1) : shape);
  return graph.addTensor({
    type: 'Placeholder',
    name,
    attributes: { dtype: { type: options.dtype }, shape: { shape } },
    outputs: [{ dtype: options.dtype, shape }],
  });
}
