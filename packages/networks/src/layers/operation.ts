import type { FeatureShape, LayerOperation } from './layer.ts';
import { elements, paddedSpatial, stridedSpatial } from './operation-shape.ts';

/** What one layer costs for one image. */
export interface LayerCost {
  /** Trainable: weights, biases, scale and shift of batch normalization. */
  readonly parameters: number;
  /** Moving means and variances of batch normalization: stored, not trained. */
  readonly statistics: number;
  /** Multiply-adds of convolutions and dense layers. */
  readonly macs: number;
  /** Outputs to which a bias is added. */
  readonly biasAdditions: number;
  /** Outputs of convolutions, dense layers and max pooling: pycls' activations, a proxy for time and memory. */
  readonly activations: number;
}

type Kind = LayerOperation['kind'];
type OperationByKind = { readonly [K in Kind]: Extract<LayerOperation, { kind: K }> };

/** What the package knows of an operation; element-wise ones, mean pooling and padding count as free, as in the paper. */
interface OperationRule<Operation> {
  readonly outputShape: (operation: Operation, input: FeatureShape) => FeatureShape;
  readonly cost: (operation: Operation, input: FeatureShape, output: FeatureShape) => LayerCost;
  /** The operation's parameters as text, for the fingerprint. */
  readonly text: (operation: Operation) => string;
  /** May overwrite its first input, where no later layer reads that. */
  readonly inPlace: boolean;
}

const free: LayerCost = { parameters: 0, statistics: 0, macs: 0, biasAdditions: 0, activations: 0 };

const elementWise = {
  outputShape: (_operation: unknown, input: FeatureShape) => input,
  cost: () => free,
  text: () => '',
  inPlace: true,
};

interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
}

function windowText({ kernel, strides }: Window): string {
  return `${kernel.join('x')} /${strides.join('x')}`;
}

/** Every output is a sum over `reach` inputs, each with a weight of its own that all positions share. */
function weightedSum(reach: number, bias: boolean, output: FeatureShape): LayerCost {
  const outputs = elements(output);
  return {
    parameters: reach * output.channels + (bias ? output.channels : 0),
    statistics: 0,
    macs: reach * outputs,
    biasAdditions: bias ? outputs : 0,
    activations: outputs,
  };
}

function taps(kernel: readonly number[]): number {
  return kernel.reduce((product, size) => product * size, 1);
}

const rules: { readonly [K in Kind]: OperationRule<OperationByKind[K]> } = {
  convolution: {
    outputShape: ({ kernel, strides, padding, filters }, { spatial }) => ({
      spatial:
        padding === undefined ? stridedSpatial(spatial, strides) : paddedSpatial(spatial, { kernel, strides, padding }),
      channels: filters,
    }),
    cost: ({ kernel, bias }, input, output) => weightedSum(taps(kernel) * input.channels, bias, output),
    text: (operation) => {
      // Absent where it is SAME, as in every fingerprint that was stored before there was another padding.
      const padding = operation.padding === undefined ? '' : ` +${operation.padding.join('x')}`;
      return `${windowText(operation)} ${operation.filters} ${operation.bias}${padding}`;
    },
    inPlace: false,
  },
  'depthwise-convolution': {
    outputShape: ({ strides }, input) => ({
      spatial: stridedSpatial(input.spatial, strides),
      channels: input.channels,
    }),
    cost: ({ kernel, bias }, _input, output) => weightedSum(taps(kernel), bias, output),
    text: (operation) => `${windowText(operation)} ${operation.bias}`,
    inPlace: false,
  },
  dense: {
    outputShape: ({ units }) => ({ spatial: [], channels: units }),
    cost: ({ bias }, input, output) => weightedSum(input.channels, bias, output),
    text: ({ units, bias }) => `${units} ${bias}`,
    inPlace: false,
  },
  'max-pooling': {
    outputShape: ({ strides }, input) => ({
      spatial: stridedSpatial(input.spatial, strides),
      channels: input.channels,
    }),
    cost: (_operation, _input, output) => ({ ...free, activations: elements(output) }),
    text: windowText,
    inPlace: false,
  },
  'global-average-pooling': {
    outputShape: ({ keepSpatial }, { spatial, channels }) => ({
      spatial: keepSpatial ? spatial.map(() => 1) : [],
      channels,
    }),
    cost: () => free,
    text: ({ keepSpatial }) => `${keepSpatial}`,
    inPlace: false,
  },
  'padded-shortcut': {
    outputShape: ({ strides, filters }, input) => ({
      spatial: stridedSpatial(input.spatial, strides),
      channels: filters,
    }),
    cost: () => free,
    text: ({ strides, filters }) => `/${strides.join('x')} ${filters}`,
    inPlace: false,
  },
  'batch-normalization': {
    ...elementWise,
    cost: (_operation, input) => ({ ...free, parameters: 2 * input.channels, statistics: 2 * input.channels }),
    text: ({ momentum, epsilon }) => `${momentum} ${epsilon}`,
  },
  activation: { ...elementWise, text: (operation) => operation.function },
  'channel-scaling': elementWise,
  addition: elementWise,
  'stochastic-depth': { ...elementWise, text: ({ rate }) => `${rate}` },
  dropout: { ...elementWise, text: ({ rate }) => `${rate}` },
};

function ruleOf<K extends Kind>(kind: K): OperationRule<OperationByKind[K]> {
  return rules[kind];
}

/** The shape that an operation gives for the shape of its first input. */
export function outputShape(operation: LayerOperation, input: FeatureShape): FeatureShape {
  return ruleOf(operation.kind).outputShape(operation, input);
}

/** What an operation costs, from the shapes of its first input and of its output. */
export function operationCost(operation: LayerOperation, input: FeatureShape, output: FeatureShape): LayerCost {
  return ruleOf(operation.kind).cost(operation, input, output);
}

/** An operation with all its parameters, as text that depends on nothing else. */
export function operationText(operation: LayerOperation): string {
  return `${operation.kind} ${ruleOf(operation.kind).text(operation)}`;
}

/** Whether an operation may overwrite its first input. */
export function writesInPlace(operation: LayerOperation): boolean {
  return ruleOf(operation.kind).inPlace;
}
