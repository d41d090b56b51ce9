import { constant } from '../operations/array/constant.ts';
import type { DType } from './dtype.ts';
import type { Graph } from './graph.ts';
import { GraphError } from './graph-error.ts';
import type { Tensor } from './operation.ts';

/** A tensor, or a number that stands for a scalar constant of the other operand's type. */
export type Operand = Tensor | number;

/** An operand as a tensor of the graph. */
export function toTensor(graph: Graph, operand: Operand, dtype: DType): Tensor {
  return typeof operand === 'number' ? constant(graph, operand, { dtype }) : operand;
}

/** Two operands as tensors of one type; at least one of them must be a tensor. */
export function toTensors(operation: string, a: Operand, b: Operand): readonly [Tensor, Tensor] {
  if (typeof a !== 'number') {
    const other = toTensor(a.graph, b, a.dtype);
    checkSameType(operation, a, other);
    return [a, other];
  }
  if (typeof b === 'number') throw new GraphError(operation, 'one of the operands must be a tensor; both are numbers');
  return [toTensor(b.graph, a, b.dtype), b];
}

/** Throws where two tensors differ in type. */
export function checkSameType(operation: string, a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype) {
    throw new GraphError(operation, `operands must have one type; they are ${a.dtype} and ${b.dtype}`);
  }
}

/** Throws where a tensor has another type than the operation takes. */
export function checkType(operation: string, what: string, tensor: Tensor, allowed: readonly DType[]): void {
  if (!allowed.includes(tensor.dtype)) {
    throw new GraphError(operation, `${what} must be ${allowed.join(' or ')}; it is ${tensor.dtype}`);
  }
}
