import type { ImageShape } from '@compound-search/datasets';
import { Graph, placeholder, type Signature, softmax, unknownSize } from '@compound-search/graph';
import type { Network } from '@compound-search/networks';

import { lowerNetwork } from './lower-network.ts';
import { freezeNetworkVariables } from './network-variables.ts';
import { normalizePixels, resizePixels } from './pixels.ts';
import { planar } from './planar.ts';

/** What a serving graph is built from. */
export interface ServingGraphRequest {
  readonly network: Network;
  /** Of the data set's images, before they are resized to the network's input. */
  readonly image: ImageShape;
  /** The network's variables by name, with the values that evaluation uses. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** A graph that infers, and its one entry point under the name that every TensorFlow looks for. */
export interface ServingGraph {
  readonly graph: Graph;
  readonly signatures: { readonly serving_default: Signature };
}

/**
 * Builds the graph of a trained network: `image` float32 [batch, height, width, channels], pixels of 0 to 255 of any
 * number of images, to `probabilities` float32 [batch, classes]. Pixels are floats, as keras.applications has them, so
 * that images scaled by others need no rounding. They are resized and normalized as in training, and the weights are
 * constants, so that nothing but the graph is needed.
 */
export function buildServingGraph({ network, image, weights }: ServingGraphRequest): ServingGraph {
  const graph = new Graph();
  const { height, width, channels } = image;
  const pixels = placeholder(graph, 'image', { dtype: 'float32', shape: [unknownSize, height, width, channels] });
  const images = normalizePixels(resizePixels(pixels, planar(network.input.spatial)));
  const variables = freezeNetworkVariables(graph, network, weights);
  const { logits } = lowerNetwork(network, images, { variables, training: null });
  return {
    graph,
    signatures: { serving_default: { inputs: { image: pixels }, outputs: { probabilities: softmax(logits) } } },
  };
}
