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
} from '@compound-search/graph';

const levels = 256;

/**
 * Spreads the values of each row of float32 [rows, pixels], a channel of an image, evenly over 0 to 255, as Pillow's
 * `ImageOps.equalize` does on bytes. Values are rounded to whole numbers first, and no more than that happens to a row of
 * which fewer than 255 pixels are below the highest value.
 */
export function equalize(channels: Tensor): Tensor {
  const { graph } = channels;
  const [rows = 0, pixels = 0] = channels.shape;
  const rounded = cast(floor(add(channels, 0.5)), 'int64');
  const table = lookUpTables(cast(denseBincount(rounded, levels), 'float32'), pixels);
  const starts = Array.from({ length: rows }, (_, row) => BigInt(row * levels));
  return gather(reshape(table, [-1]), add(rounded, constant(graph, starts, { shape: [rows, 1] })));
}

/**
 * What each value becomes, `[rows, 256]`, from how often each occurs: the pixels below it in steps, of which 255 hold all
 * pixels that are below the highest value. All are whole numbers, and exact in float32 for up to 2^24 pixels.
 */
function lookUpTables(counts: Tensor, pixels: number): Tensor {
  const upTo = cumsum(counts, 1);
  const belowHighest = max(select(less(upTo, pixels), upTo, 0), { axes: [1], keepDims: true });
  const step = floor(div(belowHighest, 255));
  const steps = floor(div(add(sub(upTo, counts), floor(mul(step, 0.5))), maximum(step, 1)));
  const unchanged = constant(
    counts.graph,
    Array.from({ length: levels }, (_, level) => level),
    { shape: [1, levels] },
  );
  return select(greater(step, 0), minimum(steps, 255), unchanged);
}
