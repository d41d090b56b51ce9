import { checkType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { checkRank, sizeAt } from '../../graph/shape.ts';
import { constant } from './constant.ts';

/**
 * How often each of the integers 0 to `size - 1` stands in each row of int64 `[rows, columns]`, as float64
 * `[rows, size]`. Larger integers are not counted. TensorFlow has no GPU kernel for these types, and none is wanted: that
 * of int32 refuses to run where operations have to be deterministic, even though counts are.
 */
export function denseBincount(values: Tensor, size: number): Tensor {
  const type = 'DenseBincount';
  checkType(type, 'the values', values, ['int64']);
  checkRank(type, 'the values', values.shape, 2);
  const { graph } = values;
  const weights = constant(graph, [], { dtype: 'float64', shape: [0] });
  return graph.addTensor({
    type,
    inputs: [values, constant(graph, BigInt(size), { dtype: 'int64' }), weights],
    attributes: { Tidx: { type: 'int64' }, T: { type: 'float64' }, binary_output: { bool: false } },
    outputs: [{ dtype: 'float64', shape: [sizeAt(type, values.shape, 0), size] }],
  });
}
