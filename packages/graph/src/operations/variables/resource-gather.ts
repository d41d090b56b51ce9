import { checkType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import type { Variable } from '../../graph/variable.ts';

/** The slices of a variable at integer indices along its first axis, without reading the rest of it. Not differentiable. */
export function resourceGather(variable: Variable, indices: Tensor): Tensor {
  checkType('ResourceGather', 'the indices', indices, ['int32', 'int64']);
  return variable.graph.addTensor({
    type: 'ResourceGather',
    inputs: [variable.handle, indices],
    attributes: {
      dtype: { type: variable.dtype },
      Tindices: { type: indices.dtype },
      batch_dims: { int: 0 },
      validate_indices: { bool: true },
    },
    outputs: [{ dtype: variable.dtype, shape: [...indices.shape, ...variable.shape.slice(1)] }],
  });
}
