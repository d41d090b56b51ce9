import type { Graph } from '../../graph/graph.ts';
import type { Tensor } from '../../graph/operation.ts';
import { constant } from './constant.ts';

/** The int32 numbers 0, 1 ... count - 1, `[count]`. */
export function range(graph: Graph, count: number): Tensor {
  const bound = (value: number): Tensor => constant(graph, value, { dtype: 'int32' });
  return graph.addTensor({
    type: 'Range',
    inputs: [bound(0), bound(count), bound(1)],
    attributes: { Tidx: { type: 'int32' } },
    outputs: [{ dtype: 'int32', shape: [count] }],
  });
}
