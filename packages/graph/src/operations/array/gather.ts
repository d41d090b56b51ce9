import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { checkType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { normalizeAxis, sizeAt, sizeOf } from '../../graph/shape.ts';
import { constant, integersOf } from './constant.ts';
import { reshape } from './reshape.ts';
import { transpose } from './transpose.ts';

/** The slices of x at integer indices of any shape along an axis; the indices' shape takes that axis' place. */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  checkType('GatherV2', 'the indices', indices, ['int32', 'int64']);
  const along = normalizeAxis('GatherV2', axis, x.shape);
  return x.graph.addTensor({
    type: 'GatherV2',
    inputs: [x, indices, constant(x.graph, along, { dtype: 'int32' })],
    attributes: {
      Tparams: { type: x.dtype },
      Tindices: { type: indices.dtype },
      Taxis: { type: 'int32' },
      batch_dims: { int: 0 },
    },
    outputs: [{ dtype: x.dtype, shape: x.shape.toSpliced(along, 1, ...indices.shape) }],
  });
}

/** dx is the sum of the slices of dy that were taken from each index. */
export const gatherGradient: GradientRule = (step) => [
  () => {
    const [x, indices, dy] = [step.input(0), step.input(1), step.gradient];
    const [axis = 0] = integersOf(step.input(2));
    const taken = sizeOf(indices.shape);
    const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
    // Segments are summed along the first axis, so the gathered axis goes there and back.
    const flat = reshape(dy, [...before, taken, ...after]);
    const axes = flat.shape.map((_, at) => at);
    const toFront = [axis, ...axes.filter((at) => at !== axis)];
    const size = sizeAt('GatherV2', x.shape, axis);
    const summed = dy.graph.addTensor({
      type: 'UnsortedSegmentSum',
      inputs: [transpose(flat, toFront), reshape(indices, [taken]), constant(dy.graph, size, { dtype: 'int32' })],
      attributes: { T: { type: dy.dtype }, Tindices: { type: indices.dtype }, Tnumsegments: { type: 'int32' } },
      outputs: [{ dtype: dy.dtype, shape: [size, ...before, ...after] }],
    });
    return transpose(
      summed,
      axes.map((at) => toFront.indexOf(at)),
    );
  },
  undefined,
  undefined,
];
