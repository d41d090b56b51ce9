import { GraphError } from '../graph/graph-error.ts';
import type { Operation, Tensor } from '../graph/operation.ts';

/**
 * Builds the gradient with respect to one input, or is undefined where none flows to it. It is called only where the
 * gradient is needed. The result may have any shape that broadcasts to the input's: the sum over all paths is broadcast
 * once, instead of every term.
 */
export type InputGradient = (() => Tensor) | undefined;

/** The gradients with respect to an operation's inputs, in their order, from the gradient of its first output. */
export type GradientRule = (step: BackwardStep) => readonly InputGradient[];

/** One operation met by the backward pass: what its rule may read. */
export class BackwardStep {
  readonly operation: Operation;
  /** Gradient of the loss with respect to the first output; it has that output's shape and type. */
  readonly gradient: Tensor;

  constructor(operation: Operation, gradient: Tensor) {
    this.operation = operation;
    this.gradient = gradient;
  }

  /** What is differentiated with respect to: the operation's inputs, or those of the composite that it ends. */
  get inputs(): readonly Tensor[] {
    return differentiatedInputs(this.operation);
  }

  input(index: number): Tensor {
    return at(this.operation, this.inputs, index);
  }

  output(index = 0): Tensor {
    return this.operation.output(index);
  }

  /** A value of the forward pass that a composite saved for its rule. */
  saved(index: number): Tensor {
    return at(this.operation, this.operation.composite?.saved ?? [], index);
  }
}

/** The inputs that the gradient of an operation is taken with respect to. */
export function differentiatedInputs(operation: Operation): readonly Tensor[] {
  return operation.composite?.inputs ?? operation.inputs;
}

/** The name under which an operation's gradient rule is registered. */
export function differentiatedType(operation: Operation): string {
  return operation.composite?.type ?? operation.type;
}

function at(operation: Operation, tensors: readonly Tensor[], index: number): Tensor {
  const tensor = tensors[index];
  if (tensor === undefined) throw new GraphError(operation.type, `the gradient rule reads a missing value ${index}`);
  return tensor;
}
