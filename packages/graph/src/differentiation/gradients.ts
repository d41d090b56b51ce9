import { isFloating } from '../graph/dtype.ts';
import { GraphError } from '../graph/graph-error.ts';
import type { Operation, Tensor } from '../graph/operation.ts';
import { formatShape, isKnown, sameShape, sizeOf } from '../graph/shape.ts';
import { broadcastTo } from '../operations/array/broadcast-to.ts';
import { constant } from '../operations/array/constant.ts';
import { add } from '../operations/elementwise/add.ts';
import { addN } from '../operations/elementwise/add-n.ts';
import { BackwardStep, differentiatedInputs, differentiatedType, type GradientRule } from './gradient-rule.ts';
import { gradientRules, nonDifferentiable } from './gradient-rules.ts';

/**
 * Adds the backward pass to the graph: the gradients of a scalar loss with respect to tensors, in their order, each
 * with the shape and type of its tensor. Reverse mode, one rule per operation; where several paths meet, their
 * gradients are summed by one `AddN`.
 * @throws GraphError where the loss is not a floating-point scalar, does not depend on one of the tensors, or an
 * operation between them has no gradient rule.
 */
export function gradients(loss: Tensor, tensors: readonly Tensor[]): readonly Tensor[] {
  if (!isFloating(loss.dtype) || sizeOf(loss.shape) !== 1) {
    const found = `${loss.dtype}${formatShape(loss.shape)}`;
    throw new GraphError('gradients', `the loss must be one floating-point number; ${loss.node.name} is ${found}`);
  }
  const reachable = reachableTensors(tensors, loss);
  const pending = new Map<Tensor, Tensor[]>([[loss, [one(loss)]]]);
  loss.graph.scope('gradients', () => {
    for (const operation of loss.graph.operations.slice(0, loss.node.position + 1).reverse()) {
      if (operation.outputs.some((output) => pending.has(output))) propagate(operation, reachable, pending);
    }
  });
  return loss.graph.scope('gradients', () => tensors.map((tensor) => requested(tensor, loss, pending)));
}

function one(loss: Tensor): Tensor {
  return constant(loss.graph, 1, { dtype: loss.dtype, shape: loss.shape });
}

/** The tensors up to the loss whose value depends on one of the given tensors in a way that gradients follow. */
function reachableTensors(tensors: readonly Tensor[], loss: Tensor): ReadonlySet<Tensor> {
  const reachable = new Set(tensors);
  for (const operation of loss.graph.operations.slice(0, loss.node.position + 1)) {
    if (nonDifferentiable.has(differentiatedType(operation))) continue;
    if (!differentiatedInputs(operation).some((input) => reachable.has(input))) continue;
    for (const output of operation.outputs) if (isFloating(output.dtype)) reachable.add(output);
  }
  return reachable;
}

function propagate(operation: Operation, reachable: ReadonlySet<Tensor>, pending: Map<Tensor, Tensor[]>): void {
  const inputs = differentiatedInputs(operation);
  if (nonDifferentiable.has(differentiatedType(operation)) || !inputs.some((input) => reachable.has(input))) return;
  requireKnownSizes(operation);
  const rule = ruleFor(operation, pending);
  operation.graph.scope(operation.name, () => {
    const [output] = operation.outputs;
    if (output === undefined) return;
    const gradient = total(output, pending.get(output) ?? []);
    pending.set(output, [gradient]);
    rule(new BackwardStep(operation, gradient)).forEach((build, index) => {
      const input = inputs[index];
      if (build === undefined || input === undefined || !reachable.has(input)) return;
      pending.set(input, [...(pending.get(input) ?? []), build()]);
    });
  });
}

/** Rules read sizes, of what they sum over or put back into shape. */
function requireKnownSizes({ name, type, inputs, outputs }: Operation): void {
  const open = [...inputs, ...outputs].find(({ shape }) => !isKnown(shape));
  if (open === undefined) return;
  throw new GraphError(type, `gradients need known sizes; ${name} has a tensor of ${formatShape(open.shape)}`);
}

function ruleFor(operation: Operation, pending: ReadonlyMap<Tensor, Tensor[]>): GradientRule {
  const type = differentiatedType(operation);
  const rule = gradientRules[type];
  if (rule === undefined) {
    throw new GraphError(type, `there is no gradient rule, and the loss depends on a tensor through ${operation.name}`);
  }
  const other = operation.outputs.slice(1).find((output) => pending.has(output));
  if (other !== undefined) {
    throw new GraphError(
      type,
      `gradients flow through the first output only, not through output ${other.index} of ${operation.name}`,
    );
  }
  return rule;
}

/** The sum of a tensor's gradients: those of its shape first, then those that broadcast to it. */
function total(tensor: Tensor, parts: readonly Tensor[]): Tensor {
  const whole = parts.filter(({ shape }) => sameShape(shape, tensor.shape));
  const small = parts.filter(({ shape }) => !sameShape(shape, tensor.shape));
  const sums = whole.length > 0 ? [addN(whole), ...small] : small;
  return broadcastTo(
    sums.reduce((sum, part) => add(sum, part)),
    tensor.shape,
  );
}

function requested(tensor: Tensor, loss: Tensor, pending: ReadonlyMap<Tensor, readonly Tensor[]>): Tensor {
  const parts = pending.get(tensor);
  if (parts === undefined) {
    throw new GraphError(
      'gradients',
      `${loss.node.name} does not depend on ${tensor.node.name} in a differentiable way`,
    );
  }
  return total(tensor, parts);
}
