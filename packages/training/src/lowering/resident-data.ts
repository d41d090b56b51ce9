import { type Graph, placeholder, resourceGather, type Tensor, Variable } from '@compound-search/graph';

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

/** A batch, ready for a network. */
export interface Batch {
  /** float32 [batch, height, width, channels], -1 to 1 */
  readonly images: Tensor;
  /** int32 [batch]: what counts as right. */
  readonly labels: Tensor;
  /** What to learn [batch, classes], by what encodes labels [batch] as such. */
  readonly targets: (encode: (labels: Tensor) => Tensor) => Tensor;
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

/** Gathers a batch and prepares its pixels, uint8 [batch, height, width, channels], as a network's images. */
export function gatherBatch(data: ResidentData, indices: Tensor, prepare: (pixels: Tensor) => Tensor): Batch {
  const images = prepare(resourceGather(data.images, indices));
  const labels = resourceGather(data.labels, indices);
  return { images, labels, targets: (encode) => encode(labels) };
}
