import { dtypeNumbers } from '../graph/dtype.ts';
import { type Shape, sizeOf } from '../graph/shape.ts';
import type { TensorValue } from '../graph/tensor-value.ts';

/** A shape as the message `TensorShapeProto`. */
export function encodeShape(shape: Shape): object {
  return { dim: shape.map((size) => ({ size })) };
}

/** A value as the message `TensorProto`: all elements as bytes, or one element that fills the shape. */
export function encodeTensor({ dtype, shape, content }: TensorValue): object {
  const header = { dtype: dtypeNumbers[dtype], tensorShape: encodeShape(shape) };
  if (!(content instanceof Uint8Array)) return { ...header, stringVal: content.map((text) => Buffer.from(text)) };
  return { ...header, ...(fills(content, dtype, shape) ? fillingElement(content, dtype) : { tensorContent: content }) };
}

const elementBytes = { float32: 4, float64: 8, int32: 4, uint8: 1, int64: 8, bool: 1, bfloat16: 2, half: 2 } as const;

function fills(content: Uint8Array, dtype: TensorValue['dtype'], shape: Shape): boolean {
  if (dtype === 'string' || dtype === 'resource') return false;
  return sizeOf(shape) > 1 && content.length === elementBytes[dtype];
}

function fillingElement(content: Uint8Array, dtype: TensorValue['dtype']): object {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  switch (dtype) {
    case 'float32':
      return { floatVal: [view.getFloat32(0, true)] };
    case 'float64':
      return { doubleVal: [view.getFloat64(0, true)] };
    case 'int32':
      return { intVal: [view.getInt32(0, true)] };
    case 'int64':
      return { int64Val: [{ low: view.getInt32(0, true), high: view.getInt32(4, true), unsigned: false }] };
    case 'bool':
      return { boolVal: [view.getUint8(0) !== 0] };
    default:
      return { intVal: [view.getUint8(0)] };
  }
}
