import type { BackwardStep } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { normalizeAxes, type Shape } from '../../graph/shape.ts';
import { constant, integersOf } from './constant.ts';
import { reshape } from './reshape.ts';

/** Which axes a reduction removes. */
export interface ReductionOptions {
  /** Axes to reduce; negative ones count from the back. Default: all. */
  readonly axes?: readonly number[];
  /** Whether reduced axes stay with size 1. @defaultValue false */
  readonly keepDims?: boolean;
}

/** An operation that reduces a tensor along axes. */
export function reduction(type: string, x: Tensor, options: ReductionOptions): Tensor {
  const axes = normalizeAxes(type, options.axes ?? x.shape.map((_, axis) => axis), x.shape);
  return x.graph.addTensor({
    type,
    inputs: [x, constant(x.graph, axes, { dtype: 'int32' })],
    attributes: {
      T: { type: x.dtype },
      Tidx: { type: 'int32' },
      keep_dims: { bool: options.keepDims ?? false },
    },
    outputs: [
      {
        dtype: x.dtype,
        shape: options.keepDims === true ? keptShape(x.shape, axes) : x.shape.filter((_, axis) => !axes.includes(axis)),
      },
    ],
  });
}

/** The shape with size 1 in place of the reduced axes. */
function keptShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
}

/** A tensor of a reduction's output shape, with size 1 put back where axes were removed, so that it broadcasts. */
export function restoreReducedAxes(step: BackwardStep, tensor: Tensor): Tensor {
  return reshape(tensor, keptShape(step.input(0).shape, integersOf(step.input(1))));
}
