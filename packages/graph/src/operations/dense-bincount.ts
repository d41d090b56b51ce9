import { checkType } from '../operand.ts';
import type { Tensor } from '../operation.ts';
import { checkRank, sizeAt } from '../shape.ts';
import { constant } from './constant.ts';

/**
 * How often each of the integers 0 to `size - 1` stands in each row of int32 `[rows, columns]`, as float32
 * `[rows, size]`: exact for up to 2^24 columns. Larger integers are not counted.
 */
export function denseBincount(values: Tensor, size: number): Tensor {
  const type = 'DenseBincount';
  checkType(type, 'the values', values, ['int32']);
  checkRank(type, 'the values', values.shape, 2);
  const { graph } = values;
  return graph.addTensor({
    type,
    inputs: [values, constant(graph, size, { dtype: 'int32' }), constant(graph, [], { dtype: 'float32', shape: [0] })],
    attributes: { Tidx: { type: 'int32' }, T: { type: 'float32' }, binary_output: { bool: false } },
    outputs: [{ dtype: 'float32', shape: [sizeAt(type, values.shape, 0), size] }],
  });
}
