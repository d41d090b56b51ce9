import type { Graph } from '../../graph/graph.ts';
import type { Operation, Tensor } from '../../graph/operation.ts';

/** An operation that does nothing but run after the given ones: it groups them. */
export function noOp(graph: Graph, after: readonly (Operation | Tensor)[] = [], name?: string): Operation {
  return graph.after(after, () => graph.add({ type: 'NoOp', ...(name === undefined ? {} : { name }) }));
}
