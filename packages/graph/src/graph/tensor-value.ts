import type { DType } from './dtype.ts';
import { GraphError } from './graph-error.ts';
import { formatShape, type Shape, sizeOf } from './shape.ts';

/** What a constant's elements can be given as; one element stands for a tensor filled with it. */
export type ElementSource =
  | number
  | bigint
  | boolean
  | string
  | readonly (number | bigint | boolean | string)[]
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | BigInt64Array;

/**
 * The value of a constant: its elements as little-endian bytes, or as strings. A single element under a larger shape
 * fills it.
 */
export interface TensorValue {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly content: Uint8Array | readonly string[];
}

/** The value of a tensor of `dtype` and `shape` with these elements in row-major order. */
export function tensorValue(source: ElementSource, dtype: DType, shape: Shape): TensorValue {
  const elements = typeof source === 'object' ? source : [source];
  const size = sizeOf(shape);
  if (elements.length !== size && typeof source === 'object') {
    throw new GraphError('Const', `shape ${formatShape(shape)} has ${size} elements, but ${elements.length} are given`);
  }
  return { dtype, shape, content: size === 0 ? emptyContent(dtype) : encoders[dtype](elements) };
}

function emptyContent(dtype: DType): TensorValue['content'] {
  return dtype === 'string' ? [] : new Uint8Array(0);
}

type Elements = ArrayLike<number | bigint | boolean | string>;

type Encoder = (elements: Elements) => TensorValue['content'];

const refuse: Encoder = () => {
  throw new GraphError('Const', 'this type has no constants; build it in float32 and cast it');
};

const encoders: Readonly<Record<DType, Encoder>> = {
  float32: (elements) => bytesOf(elements instanceof Float32Array ? elements : Float32Array.from(numbers(elements))),
  float64: (elements) => bytesOf(elements instanceof Float64Array ? elements : Float64Array.from(numbers(elements))),
  int32: (elements) =>
    bytesOf(elements instanceof Int32Array ? elements : Int32Array.from(integers(elements, -(2 ** 31), 2 ** 31))),
  int64: (elements) => bytesOf(elements instanceof BigInt64Array ? elements : BigInt64Array.from(bigints(elements))),
  uint8: (elements) => bytesOf(elements instanceof Uint8Array ? elements : Uint8Array.from(integers(elements, 0, 256))),
  bool: (elements) => Uint8Array.from(integers(elements, 0, 2)),
  string: (elements) => Array.from(elements, String),
  bfloat16: refuse,
  half: refuse,
  resource: refuse,
};

// A typed array of the machine's byte order; TensorFlow runs only on little-endian machines.
function bytesOf(array: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength).slice();
}

function numbers(elements: Elements): number[] {
  return Array.from(elements, (element) => {
    if (typeof element === 'string') throw new GraphError('Const', `"${element}" is not a number`);
    return Number(element);
  });
}

function integers(elements: Elements, from: number, below: number): number[] {
  const values = numbers(elements);
  const wrong = values.find((value) => !Number.isInteger(value) || value < from || value >= below);
  if (wrong !== undefined) {
    throw new GraphError('Const', `elements must be integers from ${from} to ${below - 1}; one is ${wrong}`);
  }
  return values;
}

function bigints(elements: Elements): bigint[] {
  return Array.from(elements, (element) => {
    if (typeof element === 'bigint') return element;
    const value = Number(element);
    if (!Number.isSafeInteger(value))
      throw new GraphError('Const', `elements must be integers; one is ${String(element)}`);
    return BigInt(value);
  });
}
