/**
 * Element types that the builder knows, each with its number in TensorFlow's `DataType` enumeration
 * (tensorflow/core/framework/types.proto).
 */
export const dtypeNumbers = {
  float32: 1,
  float64: 2,
  int32: 3,
  uint8: 4,
  string: 7,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  half: 19,
  resource: 20,
} as const;

/** The type of a tensor's elements. */
export type DType = keyof typeof dtypeNumbers;

const floating: ReadonlySet<DType> = new Set(['float32', 'float64', 'bfloat16', 'half']);

/** Whether gradients can flow through tensors of this type. */
export function isFloating(dtype: DType): boolean {
  return floating.has(dtype);
}
