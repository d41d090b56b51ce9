import {
  add,
  cast,
  constant,
  cumsum,
  denseBincount,
  div,
  floor,
  gather,
  greater,
  less,
  max,
  maximum,
  minimum,
  mul,
  reshape,
  select,
  sub,
  type Tensor,
  transpose,
} from '@compound-search/graph';

const levels = 256;

/**
 * Spreads the values of each channel of each image evenly over 0 to 255, as Pillow's `ImageOps.equalize` does on bytes:
 * float32 images `[batch, height, width, channels]` are rounded to whole numbers first. A channel stays as it is where
 * fewer than 255 pixels are below its highest value.
 */
export function equalize(images: Tensor): Tensor {
  const { graph } = images;
  const [batch = 0, height = 0, width = 0, channels = 0] = images.shape;
  const rounded = floor(add(images, 0.5));
  const perChannel = reshape(cast(transpose(rounded, [0, 3, 1, 2]), 'int64'), [batch * channels, height * width]);
  const { table, step } = lookUpTables(cast(denseBincount(perChannel, levels), 'float32'), height * width);
  const starts = Array.from({ length: batch * channels }, (_, channel) => channel * levels);
  const at = add(cast(rounded, 'int32'), constant(graph, starts, { dtype: 'int32', shape: [batch, 1, 1, channels] }));
  const changes = reshape(greater(step, 0), [batch, 1, 1, channels]);
  return select(changes, gather(reshape(table, [-1]), at), images);
}

/**
 * What each value becomes, `[rows, 256]`, from how often each occurs: the pixels below it in steps, of which 255 hold all
 * pixels that are below the highest value. All are whole numbers, and exact in
 * float32 for up to 2^24 pixels.
 */
function lookUpTables(counts: Tensor, pixels: number): { readonly table: Tensor; readonly step: Tensor } {
  const upTo = cumsum(counts, 1);
  const belowHighest = max(select(less(upTo, pixels), upTo, 0), { axes: [1], keepDims: true });
  const step = floor(div(belowHighest, 255));
  const below = sub(upTo, counts);
  const divisor = maximum(step, 1);
  const table = floor(div(add(below, floor(mul(step, 0.5))), divisor));
  return { table: minimum(table, 255), step };
}
