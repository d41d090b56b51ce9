import { type Graph, type Operation, placeholder, resourceGather, type Tensor, Variable } from '@compound-search/graph';

/** Size of the data set's images, in pixels and channels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The images of a batch as they come. */
export interface SourceBatch {
  /** What a signature is fed for them. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** uint8 [batch, height, width, channels] */
  readonly pixels: Tensor;
  /** int32 [batch] */
  readonly labels: Tensor;
}

/** Where the batches of a graph come from. */
export interface BatchSource {
  /** A batch of `size` images, with placeholders of its own. */
  readonly take: (size: number) => SourceBatch;
  /** Placeholders for the whole data set, and the assignments that take them in: none where batches are fed. */
  readonly load: () => {
    readonly inputs: Readonly<Record<string, Tensor>>;
    readonly assignments: readonly Operation[];
  };
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

/** The data set inside the graph: bytes that a step gathers by `indices`, so that only indices cross per step. */
export function residentSource(graph: Graph, { image, count }: { image: ImageSize; count: number }): BatchSource {
  const images = new Variable(graph, {
    name: 'data/images',
    dtype: 'uint8',
    shape: [count, image.height, image.width, image.channels],
  });
  const labels = new Variable(graph, { name: 'data/labels', dtype: 'int32', shape: [count] });
  return {
    take: (size) => {
      const indices = placeholder(graph, 'indices', { dtype: 'int32', shape: [size] });
      return { inputs: { indices }, pixels: resourceGather(images, indices), labels: resourceGather(labels, indices) };
    },
    load: () => {
      const inputs = { images: placeholder(graph, 'images', images), labels: placeholder(graph, 'labels', labels) };
      return { inputs, assignments: [images.assign(inputs.images), labels.assign(inputs.labels)] };
    },
  };
}

/** The data set outside the graph: a step is fed the `images` and `labels` of its batch. */
export function fedSource(graph: Graph, { height, width, channels }: ImageSize): BatchSource {
  return {
    take: (size) => {
      const pixels = placeholder(graph, 'images', { dtype: 'uint8', shape: [size, height, width, channels] });
      const labels = placeholder(graph, 'labels', { dtype: 'int32', shape: [size] });
      return { inputs: { images: pixels, labels }, pixels, labels };
    },
    load: () => ({ inputs: {}, assignments: [] }),
  };
}

/** Prepares the pixels of a batch as a network's images. */
export function prepareBatch({ pixels, labels }: SourceBatch, prepare: (pixels: Tensor) => Tensor): Batch {
  return { images: prepare(pixels), labels, targets: (encode) => encode(labels) };
}
