import type { Attributes } from '../../graph/attribute.ts';
import { GraphError } from '../../graph/graph-error.ts';
import { formatShape, type Shape } from '../../graph/shape.ts';

/**
 * Zeros around an image: none (VALID), as many as make the output the input's size divided by the stride and rounded
 * up (SAME), or rows above and below and columns left and right.
 */
export type Padding = 'SAME' | 'VALID' | readonly [top: number, bottom: number, left: number, right: number];

/** A number for height and width alike, or one for each. */
export type Pair = number | readonly [height: number, width: number];

/** A window that moves over images. */
export interface Window {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
}

/** One number for height and one for width. */
export function toPair(pair: Pair): readonly [number, number] {
  return typeof pair === 'number' ? [pair, pair] : pair;
}

/** Height and width of what a window yields on images of `size`, by TensorFlow's rules (framework/common_shape_fns.cc). */
export function windowOutput(
  operation: string,
  size: readonly [number, number],
  window: Window,
): readonly [number, number] {
  checkWindow(operation, window);
  return [outputSize(operation, size, window, 0), outputSize(operation, size, window, 1)];
}

/** The rows and columns that SAME adds, by TensorFlow's rule (framework/common_shape_fns.cc): of an odd number, more behind. */
export function samePadding(
  size: readonly [number, number],
  window: Omit<Window, 'padding'>,
): Extract<Padding, readonly unknown[]> {
  const [top, bottom] = sameEnds(size, window, 0);
  const [left, right] = sameEnds(size, window, 1);
  return [top, bottom, left, right];
}

/** The attributes `padding` and, where the operation has it, `explicit_paddings`. */
export function paddingAttributes(padding: Padding): Attributes {
  if (typeof padding === 'string') return { padding: { string: padding } };
  return { padding: { string: 'EXPLICIT' }, explicit_paddings: { ints: [0, 0, ...padding, 0, 0] } };
}

/** A pair as an attribute over batch, height, width and channels. */
export function spatial(pair: readonly [number, number]): { readonly ints: readonly number[] } {
  return { ints: [1, pair[0], pair[1], 1] };
}

function sameEnds(
  size: readonly [number, number],
  window: Omit<Window, 'padding'>,
  axis: 0 | 1,
): readonly [before: number, after: number] {
  const stride = window.strides[axis];
  const added = Math.max((Math.ceil(size[axis] / stride) - 1) * stride + window.size[axis] - size[axis], 0);
  return [Math.floor(added / 2), Math.ceil(added / 2)];
}

function outputSize(operation: string, size: readonly [number, number], window: Window, axis: 0 | 1): number {
  const { padding } = window;
  const stride = window.strides[axis];
  const span = window.size[axis];
  if (padding === 'SAME') return Math.ceil(size[axis] / stride);
  const padded =
    padding === 'VALID' ? size[axis] : size[axis] + padding[axis === 0 ? 0 : 2] + padding[axis === 0 ? 1 : 3];
  if (padded < span) {
    const shapes: Shape = [span, padded];
    throw new GraphError(
      operation,
      `the window must fit into the padded image; their sizes are ${formatShape(shapes)}`,
    );
  }
  return Math.floor((padded - span) / stride) + 1;
}

function checkWindow(operation: string, { size, strides, padding }: Window): void {
  const counts = [...size, ...strides];
  const paddings = typeof padding === 'string' ? [] : padding;
  if (
    counts.some((count) => !Number.isInteger(count) || count < 1) ||
    paddings.some((n) => !Number.isInteger(n) || n < 0)
  ) {
    const found = `window ${formatShape(size)}, strides ${formatShape(strides)}`;
    throw new GraphError(
      operation,
      `sizes must be integers of at least 1, paddings of at least 0: ${found}, padding ${String(padding)}`,
    );
  }
}
