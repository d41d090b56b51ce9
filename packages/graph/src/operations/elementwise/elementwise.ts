import { type DType, isFloating } from '../../graph/dtype.ts';
import { GraphError } from '../../graph/graph-error.ts';
import { type Operand, toTensors } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { broadcastShapes } from '../../graph/shape.ts';

/** An operation on every element of one tensor. */
export function unary(type: string, x: Tensor): Tensor {
  return x.graph.addTensor({
    type,
    inputs: [x],
    attributes: { T: { type: x.dtype } },
    outputs: [{ dtype: x.dtype, shape: x.shape }],
  });
}

/** An operation on every element of one floating-point tensor. */
export function unaryFloating(type: string, x: Tensor): Tensor {
  checkFloating(type, x);
  return unary(type, x);
}

/** An operation on corresponding elements of two tensors of one type, which broadcast. */
export function binary(type: string, a: Operand, b: Operand, outputType?: DType): Tensor {
  const [x, y] = toTensors(type, a, b);
  return x.graph.addTensor({
    type,
    inputs: [x, y],
    attributes: { T: { type: x.dtype } },
    outputs: [{ dtype: outputType ?? x.dtype, shape: broadcastShapes(type, x.shape, y.shape) }],
  });
}

/** Throws where a tensor's elements are not floating-point numbers. */
export function checkFloating(operation: string, x: Tensor): void {
  if (!isFloating(x.dtype)) {
    throw new GraphError(operation, `takes floating-point tensors; ${x.node.name} is ${x.dtype}`);
  }
}
