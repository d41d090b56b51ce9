import type { FeatureShape } from './layer.ts';

/** Sides of a map after SAME padding: each is ceil(size / stride), whatever the kernel. */
export function stridedSpatial(spatial: readonly number[], strides: readonly number[]): number[] {
  return spatial.map((size, axis) => Math.ceil(size / (strides[axis] ?? 1)));
}

/**
 * SAME padding of one axis, from the current map's size and not the image's: total max((out - 1) * stride + kernel -
 * size, 0), the odd one after. Kernel 5 at stride 2 on 56 pads (1, 2).
 */
export function samePadding(size: number, kernel: number, stride: number): { before: number; after: number } {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);
  return { before: Math.floor(total / 2), after: Math.ceil(total / 2) };
}

/** Sides of a map after a window with `padding` zeros per axis before the map and as many after it. */
export function paddedSpatial(
  spatial: readonly number[],
  window: {
    readonly kernel: readonly number[];
    readonly strides: readonly number[];
    readonly padding: readonly number[];
  },
): number[] {
  const { kernel, strides, padding } = window;
  return spatial.map((size, axis) => {
    const padded = size + 2 * (padding[axis] ?? 0);
    return Math.floor((padded - (kernel[axis] ?? 1)) / (strides[axis] ?? 1)) + 1;
  });
}

/** Number of values in a map of one image. */
export function elements(shape: FeatureShape): number {
  return shape.spatial.reduce((product, size) => product * size, shape.channels);
}

/** Whether two maps have the same sides and channels. */
export function sameShape(a: FeatureShape, b: FeatureShape): boolean {
  return (
    a.channels === b.channels &&
    a.spatial.length === b.spatial.length &&
    a.spatial.every((size, axis) => size === b.spatial[axis])
  );
}
