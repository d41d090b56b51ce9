/**
 * The layers that a network consists of, as plain data: one list is what the cost is summed over and what the training
 * graph is lowered from, so the two cannot disagree.
 */

/** Functions that an activation layer applies element by element. */
export const activationFunctions = ['swish', 'relu', 'relu6', 'sigmoid', 'hard-swish', 'linear'] as const;
export type ActivationFunction = (typeof activationFunctions)[number];

/** Shape of one image's feature map, without a batch: `spatial` is [height, width], [frames, height, width], or [] for a vector. */
export interface FeatureShape {
  readonly spatial: readonly number[];
  readonly channels: number;
}

/**
 * What a layer does. Kernels and strides have one entry per spatial axis; padding is SAME, out = ceil(in / stride),
 * unless a convolution gives zeros of its own: as many per axis before the map as after it.
 */
export type LayerOperation =
  | {
      readonly kind: 'convolution';
      readonly kernel: readonly number[];
      readonly strides: readonly number[];
      readonly filters: number;
      readonly bias: boolean;
      readonly padding?: readonly number[];
    }
  | {
      readonly kind: 'depthwise-convolution';
      readonly kernel: readonly number[];
      readonly strides: readonly number[];
      readonly bias: boolean;
    }
  | { readonly kind: 'batch-normalization'; readonly momentum: number; readonly epsilon: number }
  | { readonly kind: 'activation'; readonly function: ActivationFunction }
  | { readonly kind: 'max-pooling'; readonly kernel: readonly number[]; readonly strides: readonly number[] }
  /** Mean over all spatial axes: they become 1 if `keepSpatial`, else they are removed. */
  | { readonly kind: 'global-average-pooling'; readonly keepSpatial: boolean }
  /** inputs [map, gate]: the map times a gate of shape 1 x 1 x channels (squeeze-and-excitation). */
  | { readonly kind: 'channel-scaling' }
  /** inputs [a, b] of equal shape. */
  | { readonly kind: 'addition' }
  /** Parameter-free shortcut of CIFAR ResNets (option A): every stride-th position, new channels zero, half on each side. */
  | { readonly kind: 'padded-shortcut'; readonly strides: readonly number[]; readonly filters: number }
  /** In training, drops the whole map of an image with `rate` and scales the rest by 1 / (1 - rate). */
  | { readonly kind: 'stochastic-depth'; readonly rate: number }
  /** In training, drops single elements with `rate` and scales the rest by 1 / (1 - rate). */
  | { readonly kind: 'dropout'; readonly rate: number }
  | { readonly kind: 'dense'; readonly units: number; readonly bias: boolean };

/** The name that stands for the image among a layer's inputs. */
export const networkInput = 'image';

/** A layer of a network, with the shapes that meet there. */
export interface Layer {
  /** Unique in its network and descriptive: `stage2/block1/depthwise/convolution`. */
  readonly name: string;
  readonly operation: LayerOperation;
  /** Names of earlier layers, or {@link networkInput}. */
  readonly inputs: readonly string[];
  readonly inputShapes: readonly FeatureShape[];
  readonly outputShape: FeatureShape;
}

/** A network that can be costed and trained. The last layer gives the logits. Layers are in topological order. */
export interface Network {
  readonly input: FeatureShape;
  readonly classes: number;
  readonly layers: readonly Layer[];
}
