import type { DType } from '../../graph/dtype.ts';
import { checkType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { constant } from './constant.ts';

/** What stands at an index and elsewhere. */
export interface OneHotOptions {
  /** Number of classes. */
  readonly depth: number;
  /** @defaultValue 1 */
  readonly on?: number;
  /** @defaultValue 0 */
  readonly off?: number;
  /** @defaultValue float32 */
  readonly dtype?: DType;
}

/** Integer indices of any shape as vectors along a new last axis of size `depth`; an index out of range gives only `off`. */
export function oneHot(indices: Tensor, options: OneHotOptions): Tensor {
  const { depth, on = 1, off = 0, dtype = 'float32' } = options;
  checkType('OneHot', 'the indices', indices, ['int32', 'int64', 'uint8']);
  const { graph } = indices;
  return graph.addTensor({
    type: 'OneHot',
    inputs: [
      indices,
      constant(graph, depth, { dtype: 'int32' }),
      constant(graph, on, { dtype }),
      constant(graph, off, { dtype }),
    ],
    attributes: { T: { type: dtype }, TI: { type: indices.dtype }, axis: { int: -1 } },
    outputs: [{ dtype, shape: [...indices.shape, depth] }],
  });
}
