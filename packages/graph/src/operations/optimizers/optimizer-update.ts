import { GraphError } from '../../graph/graph-error.ts';
import { type Operand, toTensor } from '../../graph/operand.ts';
import type { Operation, Tensor } from '../../graph/operation.ts';
import { formatShape, sameShape } from '../../graph/shape.ts';
import type { Variable } from '../../graph/variable.ts';

/** What an optimizer's operation takes after the variable's handle, in TensorFlow's order: slots, scalars, gradient. */
export type UpdateArgument =
  { readonly slot: Variable } | { readonly scalar: Operand; readonly name: string } | { readonly gradient: Tensor };

/** Changes a variable by one of TensorFlow's optimizer operations. */
export function optimizerUpdate(
  type: string,
  variable: Variable,
  updateArguments: readonly UpdateArgument[],
  attributes: Readonly<Record<string, { readonly bool: boolean }>> = {},
): Operation {
  return variable.update({
    type,
    inputs: updateArguments.map((argument) => toInput(type, variable, argument)),
    attributes: { T: { type: variable.dtype }, use_locking: { bool: false }, ...attributes },
  });
}

function toInput(type: string, variable: Variable, argument: UpdateArgument): Tensor {
  if ('scalar' in argument) {
    const tensor = toTensor(variable.graph, argument.scalar, variable.dtype);
    if (tensor.shape.length > 0 || tensor.dtype !== variable.dtype) {
      const found = `${tensor.dtype}${formatShape(tensor.shape)}`;
      throw new GraphError(type, `${argument.name} must be a ${variable.dtype} scalar; it is ${found}`);
    }
    return tensor;
  }
  const { dtype, shape } = 'slot' in argument ? argument.slot : argument.gradient;
  if (dtype !== variable.dtype || !sameShape(shape, variable.shape)) {
    const shapes = `${variable.name} is ${variable.dtype}${formatShape(variable.shape)}, the other ${dtype}${formatShape(shape)}`;
    throw new GraphError(type, `slots and gradient must have the variable's type and shape; ${shapes}`);
  }
  return 'slot' in argument ? argument.slot.handle : argument.gradient;
}
