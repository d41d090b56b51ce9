import { GraphError } from './graph-error.ts';

/**
 * The sizes of a tensor's axes, outermost first; `[]` is a scalar. Every size is known when the graph is built, except
 * for that of a batch that a placeholder leaves open, see {@link unknownSize}.
 */
export type Shape = readonly number[];

/**
 * The size of a batch that is known only when the graph runs, as TensorFlow writes it. What needs the number of elements
 * or takes a part of such an axis is refused, and so are gradients: it is for graphs that infer.
 */
export const unknownSize = -1;

/** Whether every size is known. */
export function isKnown(shape: Shape): boolean {
  return !shape.includes(unknownSize);
}

/** Number of elements of a tensor of this shape. @throws GraphError where a size is unknown. */
export function sizeOf(shape: Shape): number {
  if (!isKnown(shape)) {
    throw new GraphError('Shape', `the number of elements is unknown; the shape is ${formatShape(shape)}`);
  }
  return shape.reduce((product, size) => product * size, 1);
}

/** A shape as it appears in messages, e.g. `[8,32,32,3]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(',')}]`;
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** The shape, or a GraphError where a size is not a non-negative integer. */
export function checkShape(operation: string, shape: Shape): Shape {
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new GraphError(operation, `sizes must be integers of at least 0; the shape is ${formatShape(shape)}`);
    }
  }
  return shape;
}

/** The shape that two shapes broadcast to under NumPy's rules, which TensorFlow shares. */
export function broadcastShapes(operation: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const sizeA = a[axis - rank + a.length] ?? 1;
    const sizeB = b[axis - rank + b.length] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw new GraphError(operation, `shapes must broadcast; they are ${formatShape(a)} and ${formatShape(b)}`);
    }
    return sizeA === 1 ? sizeB : sizeA;
  });
}

/** Axes counted from the front and in ascending order, from axes that may count from the back. */
export function normalizeAxes(operation: string, axes: readonly number[], shape: Shape): readonly number[] {
  const normalized = axes.map((axis) => normalizeAxis(operation, axis, shape));
  if (new Set(normalized).size !== normalized.length) {
    throw new GraphError(operation, `axes must differ; they are ${formatShape(axes)} for shape ${formatShape(shape)}`);
  }
  return normalized.sort((a, b) => a - b);
}

/** One axis counted from the front, from one that may count from the back. */
export function normalizeAxis(operation: string, axis: number, shape: Shape): number {
  const normalized = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(axis) || normalized < 0 || normalized >= shape.length) {
    throw new GraphError(operation, `axis ${axis} is not an axis of shape ${formatShape(shape)}`);
  }
  return normalized;
}

/** The size of one axis that is known to exist. */
export function sizeAt(operation: string, shape: Shape, axis: number): number {
  const size = shape[axis];
  if (size === undefined) throw new GraphError(operation, `shape ${formatShape(shape)} has no axis ${axis}`);
  return size;
}

/** Throws where a shape has another rank than the operation takes. */
export function checkRank(operation: string, what: string, shape: Shape, rank: number): void {
  if (shape.length !== rank) {
    throw new GraphError(operation, `${what} must have rank ${rank}; its shape is ${formatShape(shape)}`);
  }
}

/** A shape of rank 4 as a tuple, e.g. `[batch, height, width, channels]`, or a GraphError. */
export function shape4(operation: string, what: string, shape: Shape): readonly [number, number, number, number] {
  checkRank(operation, what, shape, 4);
  const [a = 0, b = 0, c = 0, d = 0] = shape;
  return [a, b, c, d];
}
