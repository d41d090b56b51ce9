import type { DType } from '../../graph/dtype.ts';
import { GraphError } from '../../graph/graph-error.ts';
import { checkType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import type { Shape } from '../../graph/shape.ts';
import { constant } from '../array/constant.ts';

/**
 * Reads tensors from a checkpoint that {@link save} wrote; `prefix` is a string scalar. The types and shapes given must
 * be those that were saved: TensorFlow refuses another type as the graph runs, and assigning another shape.
 */
export function restore<Name extends string>(
  prefix: Tensor,
  tensors: Readonly<Record<Name, { readonly dtype: DType; readonly shape: Shape }>>,
): Readonly<Record<Name, Tensor>> {
  checkType('RestoreV2', 'the prefix', prefix, ['string']);
  const { graph } = prefix;
  const names = Object.keys(tensors) as Name[];
  if (names.length === 0) throw new GraphError('RestoreV2', 'takes at least one tensor');
  const outputs = names.map((name) => ({ dtype: tensors[name].dtype, shape: tensors[name].shape }));
  const operation = graph.add({
    type: 'RestoreV2',
    inputs: [
      prefix,
      constant(graph, names, { dtype: 'string' }),
      constant(
        graph,
        names.map(() => ''),
        { dtype: 'string' },
      ),
    ],
    attributes: { dtypes: { types: outputs.map(({ dtype }) => dtype) } },
    outputs,
  });
  return Object.fromEntries(names.map((name, index) => [name, operation.output(index)])) as Record<Name, Tensor>;
}
