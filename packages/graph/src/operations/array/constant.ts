import type { DType } from '../../graph/dtype.ts';
import type { Graph } from '../../graph/graph.ts';
import { GraphError } from '../../graph/graph-error.ts';
import type { Tensor } from '../../graph/operation.ts';
import { checkShape, type Shape } from '../../graph/shape.ts';
import { type ElementSource, type TensorValue, tensorValue } from '../../graph/tensor-value.ts';

/** Type, shape and name of a constant. */
export interface ConstantOptions {
  /** @defaultValue float32 for numbers, int64 for bigints, bool and string for those */
  readonly dtype?: DType;
  /** Default: `[]` for one element, the number of elements for a list. */
  readonly shape?: Shape;
  readonly name?: string;
}

// Constants up to this many bytes are shared where they are equal: axes, shapes and scalars repeat hundreds of times.
const shareableBytes = 64;

/**
 * A constant of any type but resource, half and bfloat16; one element with a shape fills the shape.
 * @throws GraphError where the elements do not fit the type or the shape.
 */
export function constant(graph: Graph, elements: ElementSource, options: ConstantOptions = {}): Tensor {
  const dtype = options.dtype ?? defaultType(elements);
  const shape = checkShape('Const', options.shape ?? (typeof elements === 'object' ? [elements.length] : []));
  const value = tensorValue(elements, dtype, shape);
  const { content } = value;
  if (options.name === undefined && content instanceof Uint8Array && content.length <= shareableBytes) {
    const key = `Const ${dtype} ${shape.join(',')} ${Buffer.from(content).toString('base64')}`;
    return graph.memoize(key, () => graph.atRoot(() => add(graph, value, 'constants/Const')));
  }
  return add(graph, value, options.name);
}

function add(graph: Graph, value: TensorValue, name?: string): Tensor {
  const { dtype, shape } = value;
  return graph.addTensor({
    type: 'Const',
    attributes: { dtype: { type: dtype }, value: { tensor: value } },
    outputs: [{ dtype, shape }],
    ...(name === undefined ? {} : { name }),
  });
}

function defaultType(elements: ElementSource): DType {
  if (elements instanceof Float64Array) return 'float64';
  if (elements instanceof Int32Array) return 'int32';
  if (elements instanceof Uint8Array) return 'uint8';
  if (elements instanceof BigInt64Array) return 'int64';
  const first = typeof elements === 'object' ? elements[0] : elements;
  if (typeof first === 'bigint') return 'int64';
  if (typeof first === 'boolean') return 'bool';
  return typeof first === 'string' ? 'string' : 'float32';
}

/** The elements of an int32 constant: the axes, sizes and paddings that operations take as inputs. */
export function integersOf(tensor: Tensor): readonly number[] {
  const value = tensor.node.attributes['value'];
  if (tensor.dtype !== 'int32' || value === undefined || !('tensor' in value)) {
    throw new GraphError(tensor.node.type, `${tensor.node.name} is not an int32 constant`);
  }
  const { content } = value.tensor;
  if (!(content instanceof Uint8Array)) throw new GraphError('Const', `${tensor.node.name} holds strings`);
  return [...new Int32Array(content.slice().buffer)];
}
