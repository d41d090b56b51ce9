import {
  cast,
  div,
  type Graph,
  placeholder,
  resizeBilinear,
  resourceGather,
  sub,
  type Tensor,
  Variable,
} from '@compound-search/graph';

/** Size of the data set's images, in pixels and channels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The data set inside the graph: bytes that a step gathers by index, so that only indices cross per step. */
export interface ResidentData {
  /** uint8 [images, height, width, channels] */
  readonly images: Variable;
  /** int32 [images] */
  readonly labels: Variable;
}

/** A gathered batch, ready for a network. */
export interface Batch {
  /** float32 [batch, height, width, channels], -1 to 1 */
  readonly images: Tensor;
  /** int32 [batch] */
  readonly labels: Tensor;
}

export function createResidentData(graph: Graph, { image, count }: { image: ImageSize; count: number }): ResidentData {
  return {
    images: new Variable(graph, {
      name: 'data/images',
      dtype: 'uint8',
      shape: [count, image.height, image.width, image.channels],
    }),
    labels: new Variable(graph, { name: 'data/labels', dtype: 'int32', shape: [count] }),
  };
}

/** Placeholders for the whole data set, and the assignments that take them in. */
export function loadData(graph: Graph, { images, labels }: ResidentData) {
  const inputs = {
    images: placeholder(graph, 'images', images),
    labels: placeholder(graph, 'labels', labels),
  };
  return { inputs, assignments: [images.assign(inputs.images), labels.assign(inputs.labels)] };
}

/**
 * Gathers a batch and brings it to the network's input size: bilinear, half-pixel centres, antialiased when shrinking.
 * Pixels of 0 to 255 become -1 to 1.
 */
export function gatherBatch(data: ResidentData, indices: Tensor, size: readonly [number, number]): Batch {
  const pixels = resourceGather(data.images, indices);
  const [, height, width] = pixels.shape;
  const sized = height === size[0] && width === size[1] ? cast(pixels, 'float32') : resizeBilinear(pixels, size);
  return { images: sub(div(sized, 127.5), 1), labels: resourceGather(data.labels, indices) };
}
