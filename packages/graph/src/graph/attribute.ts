import type { DType } from './dtype.ts';
import type { Shape } from './shape.ts';
import type { TensorValue } from './tensor-value.ts';

/** An attribute of an operation; the key says which of TensorFlow's attribute kinds it is (attr_value.proto). */
export type Attribute =
  | { readonly type: DType }
  | { readonly types: readonly DType[] }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly string: string }
  | { readonly shape: Shape }
  | { readonly tensor: TensorValue };

/** Attributes by TensorFlow's names. */
export type Attributes = Readonly<Record<string, Attribute>>;
