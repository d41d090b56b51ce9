import { perAxis } from '../description/extent.ts';
import { networkFault } from '../description/network-fault.ts';
import type { Extent } from '../description/stage-schema.ts';
import type { FeatureShape } from '../layers/layer.ts';

/**
 * A kernel as one number per axis of the map.
 *
 * @throws CompoundSearchError `NETWORK_INVALID` where it has another number of axes.
 */
export function requireExtent(field: string, extent: Extent, map: FeatureShape): readonly number[] {
  const sizes = perAxis(extent, map.spatial.length);
  if (sizes.length === map.spatial.length) return sizes;
  throw networkFault(
    field,
    extent,
    `${field} has ${sizes.length} axes, the map ${map.spatial.length}.`,
    'Give one number for all axes, or one per axis of the input.',
  );
}

/**
 * Requires one padding per axis of the map, none larger than the kernel (which would only add positions that see
 * nothing), and a padded map that the kernel fits into.
 *
 * @throws CompoundSearchError `NETWORK_INVALID` where the padding is none.
 */
export function requirePadding(
  field: string,
  window: { readonly kernel: Extent; readonly padding?: Extent | undefined },
  map: FeatureShape,
): void {
  const padding = requireExtent(field, window.padding ?? 0, map);
  const kernel = perAxis(window.kernel, map.spatial.length);
  const fits = map.spatial.every((size, axis) => {
    const [zeros = 0, side = 1] = [padding[axis], kernel[axis]];
    return zeros <= side && side <= size + 2 * zeros;
  });
  if (fits) return;
  throw networkFault(
    field,
    window.padding,
    `With a padding of ${padding.join('x')} on each side, the kernel ${kernel.join('x')} does not suit the map of ${map.spatial.join('x')}.`,
    'Pad by at most the kernel, and so that the kernel fits into the padded map; or leave padding out for SAME.',
  );
}

/**
 * A stride as one number per axis of the map. Height and width must be at least the stride, else the network is too deep
 * for its image; frames may run out, since clips are often shorter than the temporal stride.
 *
 * @throws CompoundSearchError `NETWORK_INVALID` where the stride exceeds the map.
 */
export function requireStride(field: string, extent: Extent, map: FeatureShape): readonly number[] {
  const strides = requireExtent(field, extent, map);
  const firstImageAxis = map.spatial.length - 2;
  const exceeded = map.spatial.some((size, axis) => axis >= firstImageAxis && (strides[axis] ?? 1) > size);
  if (!exceeded) return strides;
  throw networkFault(
    field,
    extent,
    `The stride ${strides.join('x')} is larger than the map of ${map.spatial.join('x')} that it meets.`,
    'Stride less before, or give a larger input.',
  );
}
