import { GraphError } from '../../graph/graph-error.ts';
import { checkType } from '../../graph/operand.ts';
import type { Operation, Tensor } from '../../graph/operation.ts';
import { constant } from '../array/constant.ts';

/** Writes named tensors to a checkpoint; `prefix` is a string scalar, the path that the checkpoint's files begin with. */
export function save(prefix: Tensor, tensors: Readonly<Record<string, Tensor>>): Operation {
  checkType('SaveV2', 'the prefix', prefix, ['string']);
  const { graph } = prefix;
  const names = Object.keys(tensors);
  if (names.length === 0) throw new GraphError('SaveV2', 'takes at least one tensor');
  const values = Object.values(tensors);
  return graph.add({
    type: 'SaveV2',
    inputs: [
      prefix,
      constant(graph, names, { dtype: 'string' }),
      constant(
        graph,
        names.map(() => ''),
        { dtype: 'string' },
      ),
      ...values,
    ],
    attributes: { dtypes: { types: values.map(({ dtype }) => dtype) } },
  });
}
