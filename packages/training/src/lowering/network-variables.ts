import { constant, type Graph, type Tensor, Variable } from '@compound-search/graph';
import type { FeatureShape, Layer, Network } from '@compound-search/networks';

/** How a variable starts. Normal and uniform values come from the trial's seed. */
export type InitialValue =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly standardDeviation: number }
  /** Uniform in [-limit, limit). */
  | { readonly kind: 'uniform'; readonly limit: number };

/** One variable of a network. */
export interface NetworkVariable {
  readonly variable: Variable;
  readonly initial: InitialValue;
  /** Updated by the optimizer; the others are moving statistics. */
  readonly trained: boolean;
  /** Subject to weight decay: all weights but those of batch normalization and biases. */
  readonly decayed: boolean;
}

/** The variables of one layer by their part: `kernel`, `bias`, `scale`, `offset`, `movingMean`, `movingVariance`. */
export type LayerVariables = ReadonlyMap<string, NetworkVariable>;

/** All variables of a network, by layer name, in the order of the layers. */
export type NetworkVariables = ReadonlyMap<string, LayerVariables>;

/** What the lowering reads of a layer's variables, by their part. */
export type ReadableVariables = ReadonlyMap<
  string,
  ReadonlyMap<string, { readonly variable: { readonly read: () => Tensor } }>
>;

interface Part {
  readonly shape: readonly number[];
  readonly initial: InitialValue;
  readonly trained?: false;
  readonly decayed?: true;
}

/** Creates the variables of every layer that has any. Shapes are TensorFlow's: kernels are [height, width, in, out]. */
export function createNetworkVariables(graph: Graph, network: Network): NetworkVariables {
  const all = new Map<string, LayerVariables>();
  for (const layer of network.layers) {
    const variables = new Map<string, NetworkVariable>();
    for (const [part, { shape, initial, trained = true, decayed = false }] of Object.entries(layerParts(layer))) {
      const name = `${layer.name}/${part}`;
      variables.set(part, { variable: new Variable(graph, { name, shape }), initial, trained, decayed });
    }
    if (variables.size > 0) all.set(layer.name, variables);
  }
  return all;
}

/** The variables of a network as constants with the given values, by the names that {@link createNetworkVariables} gives. */
export function freezeNetworkVariables(
  graph: Graph,
  network: Network,
  values: ReadonlyMap<string, Float32Array>,
): ReadableVariables {
  return new Map(
    network.layers.map((layer) => [
      layer.name,
      new Map(
        Object.entries(layerParts(layer)).map(([part, { shape }]) => {
          const name = `${layer.name}/${part}`;
          const elements = values.get(name);
          if (elements === undefined) throw new Error(`There are no values of ${name}`);
          const value = constant(graph, elements, { dtype: 'float32', shape, name });
          return [part, { variable: { read: () => value } }];
        }),
      ),
    ]),
  );
}

const zero: InitialValue = { kind: 'constant', value: 0 };
const one: InitialValue = { kind: 'constant', value: 1 };

/** Initial values as in tensorflow/tpu models/official/efficientnet/efficientnet_model.py. */
function layerParts(layer: Layer): Record<string, Part> {
  const { operation, outputShape } = layer;
  const channels = onlyInput(layer).channels;
  switch (operation.kind) {
    case 'convolution':
      return {
        kernel: {
          shape: [...operation.kernel, channels, operation.filters],
          initial: fanOutNormal(operation.kernel, operation.filters),
          decayed: true,
        },
        ...(operation.bias ? { bias: { shape: [operation.filters], initial: zero } } : {}),
      };
    case 'depthwise-convolution':
      return {
        kernel: {
          shape: [...operation.kernel, channels, 1],
          initial: fanOutNormal(operation.kernel, 1),
          decayed: true,
        },
        ...(operation.bias ? { bias: { shape: [channels], initial: zero } } : {}),
      };
    case 'dense':
      return {
        kernel: {
          shape: [channels, operation.units],
          initial: { kind: 'uniform', limit: 1 / Math.sqrt(operation.units) },
          decayed: true,
        },
        ...(operation.bias ? { bias: { shape: [operation.units], initial: zero } } : {}),
      };
    case 'batch-normalization':
      return {
        scale: { shape: [outputShape.channels], initial: one },
        offset: { shape: [outputShape.channels], initial: zero },
        movingMean: { shape: [outputShape.channels], initial: zero, trained: false },
        movingVariance: { shape: [outputShape.channels], initial: one, trained: false },
      };
    default:
      return {};
  }
}

function fanOutNormal(kernel: readonly number[], filters: number): InitialValue {
  const fanOut = kernel.reduce((product, side) => product * side, filters);
  return { kind: 'normal', standardDeviation: Math.sqrt(2 / fanOut) };
}

function onlyInput(layer: Layer): FeatureShape {
  const [input] = layer.inputShapes;
  if (input === undefined) throw new Error(`Layer ${layer.name} has no input`);
  return input;
}
