import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { GraphError } from '../../graph/graph-error.ts';
import type { Tensor } from '../../graph/operation.ts';
import { formatShape, unknownSize } from '../../graph/shape.ts';
import { constant, integersOf } from './constant.ts';
import { slice } from './slice.ts';
import { zeroPadding } from './zero-padding.ts';

/** Zeros before and after each axis: one pair `[before, after]` per axis. */
export function pad(x: Tensor, paddings: readonly (readonly [number, number])[]): Tensor {
  if (paddings.length !== x.shape.length || paddings.flat().some((count) => !Number.isInteger(count) || count < 0)) {
    const found = `${paddings.map(formatShape).join(', ')} for shape ${formatShape(x.shape)}`;
    throw new GraphError('Pad', `there must be one pair of counts of at least 0 per axis; they are ${found}`);
  }
  const shape = x.shape.map((size, axis) => {
    const added = (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0);
    if (size === unknownSize && added > 0) throw new GraphError('Pad', `axis ${axis} has an unknown size`);
    return size + added;
  });
  return zeroPadding(x, constant(x.graph, paddings.flat(), { dtype: 'int32', shape: [paddings.length, 2] }), shape);
}

/** dx is the part of dy that x was put to. */
export const padGradient: GradientRule = (step) => [
  () => {
    const before = integersOf(step.input(1)).filter((_, index) => index % 2 === 0);
    return slice(step.gradient, before, step.input(0).shape);
  },
  undefined,
];
