import type { FeatureShape, LayerOperation } from '../layers/layer.ts';
import type { SequenceLayer } from '../layers/layer-composer.ts';
import { operationCost, writesInPlace } from '../layers/operation.ts';
import { elements } from '../layers/operation-shape.ts';

/** Cost of a sequence of layers with one input and one output, such that sequences can be put one after the other. */
export interface SequenceCost {
  readonly parameters: number;
  readonly statistics: number;
  readonly macs: number;
  readonly biasAdditions: number;
  readonly activations: number;
  /** Values of the input and output of the convolution, dense or pooling layer where their sum is largest. */
  readonly largestOperation: number;
  /** Most values alive at once when the layers run in order and element-wise ones write in place. */
  readonly peak: number;
  /** By axis, how far the output sees in the sequence's input, less 1. */
  readonly reach: readonly number[];
  /** By axis, the product of strides. */
  readonly strides: readonly number[];
}

interface View {
  readonly reach: readonly number[];
  readonly strides: readonly number[];
}

/** Cost of `layers` on an input of shape `input`. */
export function sequenceCost(layers: readonly SequenceLayer[], input: FeatureShape): SequenceCost {
  const sum = { parameters: 0, statistics: 0, macs: 0, biasAdditions: 0, activations: 0, largestOperation: 0 };
  for (const layer of layers) {
    const cost = operationCost(layer.operation, layer.inputShapes[0] ?? input, layer.outputShape);
    sum.parameters += cost.parameters;
    sum.statistics += cost.statistics;
    sum.macs += cost.macs;
    sum.biasAdditions += cost.biasAdditions;
    sum.activations += cost.activations;
    if (!writesInPlace(layer.operation)) {
      sum.largestOperation = Math.max(sum.largestOperation, inputElements(layer) + elements(layer.outputShape));
    }
  }
  return { ...sum, peak: peakElements(layers, input), ...sequenceView(layers, input) };
}

function inputElements(layer: SequenceLayer): number {
  return layer.inputShapes.reduce((total, shape) => total + elements(shape), 0);
}

/** Walks the layers in order with the set of values that a later layer still reads. */
function peakElements(layers: readonly SequenceLayer[], input: FeatureShape): number {
  const lastReader = new Array<number>(layers.length + 1).fill(0);
  layers.forEach((layer, index) => {
    for (const position of layer.inputs) lastReader[position] = index + 1;
  });
  const sizes = [elements(input), ...layers.map((layer) => elements(layer.outputShape))];
  let alive = sizes[0] ?? 0;
  let peak = alive;
  layers.forEach((layer, index) => {
    const position = index + 1;
    const dying = [...new Set(layer.inputs)].filter((read) => lastReader[read] === position);
    const output = sizes[position] ?? 0;
    const first = layer.inputs[0];
    const inPlace = writesInPlace(layer.operation) && first !== undefined && dying.includes(first);
    peak = Math.max(peak, alive + (inPlace ? 0 : output));
    alive += output - dying.reduce((total, read) => total + (sizes[read] ?? 0), 0);
  });
  return peak;
}

function layerView(operation: LayerOperation, before: View): View {
  if (!('strides' in operation)) return before;
  const kernel = 'kernel' in operation ? operation.kernel : operation.strides.map(() => 1);
  return {
    reach: before.reach.map((reach, axis) => reach + ((kernel[axis] ?? 1) - 1) * (before.strides[axis] ?? 1)),
    strides: before.strides.map((stride, axis) => stride * (operation.strides[axis] ?? 1)),
  };
}

/**
 * Receptive field and stride along the path that sees farthest. The gate of squeeze-and-excitation sees the whole map
 * and is left out, as is customary; what follows the global pooling is seen from the map before it.
 */
function sequenceView(layers: readonly SequenceLayer[], input: FeatureShape): View {
  const start: View = { reach: input.spatial.map(() => 0), strides: input.spatial.map(() => 1) };
  const views: View[] = [start];
  for (const layer of layers) {
    const seen = layer.inputs.map((position) => views[position] ?? start);
    const main = seen[0] ?? start;
    const joined = layer.operation.kind === 'addition' ? seen.reduce(fartherView, main) : main;
    views.push(layerView(layer.operation, joined));
  }
  return views.at(-1) ?? start;
}

function fartherView(a: View, b: View): View {
  return { reach: a.reach.map((reach, axis) => Math.max(reach, b.reach[axis] ?? 0)), strides: a.strides };
}

/** Cost of `first` followed by `second`. */
export function appendCost(first: SequenceCost, second: SequenceCost): SequenceCost {
  return {
    parameters: first.parameters + second.parameters,
    statistics: first.statistics + second.statistics,
    macs: first.macs + second.macs,
    biasAdditions: first.biasAdditions + second.biasAdditions,
    activations: first.activations + second.activations,
    largestOperation: Math.max(first.largestOperation, second.largestOperation),
    peak: Math.max(first.peak, second.peak),
    reach: first.reach.map((reach, axis) => reach + (second.reach[axis] ?? 0) * (first.strides[axis] ?? 1)),
    strides: first.strides.map((stride, axis) => stride * (second.strides[axis] ?? 1)),
  };
}
