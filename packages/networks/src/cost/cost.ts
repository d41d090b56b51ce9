import type { ScaledArchitecture } from '../build/architecture.ts';
import { fingerprintOf } from '../build/fingerprint.ts';
import { planNetwork } from '../build/sequence-plan.ts';
import { networkFault } from '../description/network-fault.ts';
import type { FeatureShape, LayerOperation, Network } from '../layers/layer.ts';
import { layerSequence } from '../layers/layer-sequence.ts';
import { type LayerCost, operationCost } from '../layers/operation.ts';
import { appendCost, type SequenceCost, sequenceCost } from './sequence-cost.ts';

/** Something that makes a network's cost misleading or its training hopeless. */
export interface CostWarning {
  readonly code: 'FINAL_MAP_IS_ONE_PIXEL';
  readonly message: string;
}

/** What a network costs, exactly; everything is for one image. */
export interface NetworkTotals {
  /** Trainable. */
  readonly parameters: number;
  /** Trainable and batch normalization's moving means and variances: what a checkpoint of the weights holds. */
  readonly parametersWithStatistics: number;
  /** Multiply-adds of convolutions and dense layers without biases: what the paper prints as FLOPS. */
  readonly macs: number;
  /** One more for every output with a bias: what pycls and torchvision print. */
  readonly macsWithBias: number;
  /** Floating-point operations, 2 x macs. */
  readonly flops: number;
  /** Outputs of convolutions, dense layers and max pooling (pycls). */
  readonly activations: number;
  /** Values, of 4 bytes each, that inference holds. */
  readonly inference: {
    /** Input and output of the convolution, dense or pooling layer where their sum is largest. */
    readonly largestOperation: number;
    /** Most values alive at once, shortcuts included, where element-wise layers write in place. */
    readonly peak: number;
  };
  /** Pixels by axis that one position of the final map sees; gates of squeeze-and-excitation left out. */
  readonly receptiveField: readonly number[];
  /** Pixels by axis between neighbouring positions of the final map. */
  readonly outputStride: readonly number[];
  /** Sides of the map before the global pooling. */
  readonly finalMap: readonly number[];
  readonly warnings: readonly CostWarning[];
}

/** Cost of one layer, with its name and kind. */
export interface NamedLayerCost extends LayerCost {
  readonly name: string;
  readonly kind: LayerOperation['kind'];
  readonly outputShape: FeatureShape;
}

/** A network's cost in sum and layer by layer. */
export interface NetworkCost extends NetworkTotals {
  readonly perLayer: readonly NamedLayerCost[];
}

/** What tells candidates apart, without their layers. */
export interface NetworkSummary {
  readonly totals: NetworkTotals;
  /** Equal to {@link fingerprint} of the built network. */
  readonly fingerprint: string;
}

function totalsOf(cost: SequenceCost, finalMap: readonly number[]): NetworkTotals {
  requireExact(cost);
  return {
    parameters: cost.parameters,
    parametersWithStatistics: cost.parameters + cost.statistics,
    macs: cost.macs,
    macsWithBias: cost.macs + cost.biasAdditions,
    flops: 2 * cost.macs,
    activations: cost.activations,
    inference: { largestOperation: cost.largestOperation, peak: cost.peak },
    receptiveField: cost.reach.map((reach) => reach + 1),
    outputStride: cost.strides,
    finalMap,
    warnings: mapWarnings(cost, finalMap),
  };
}

function mapWarnings(cost: SequenceCost, finalMap: readonly number[]): CostWarning[] {
  if (finalMap.some((side) => side > 1)) return [];
  return [
    {
      code: 'FINAL_MAP_IS_ONE_PIXEL',
      message: `The network strides ${cost.strides.join('x')} in all, so one position is left of its input: later layers see no neighbours. Use a baseline for small images, or a larger input.`,
    },
  ];
}

function requireExact(cost: SequenceCost): void {
  if ([2 * cost.macs, cost.parameters, cost.activations, cost.peak].every(Number.isSafeInteger)) return;
  throw networkFault('network', cost.macs, 'The cost exceeds what can be counted exactly.', 'Scale less.');
}

/**
 * Cost of a network, summed over its layers.
 *
 * @throws CompoundSearchError `NETWORK_INVALID` where a count leaves the range of exact integers.
 */
export function networkCost(network: Network): NetworkCost {
  const sequence = layerSequence(network);
  const finalMap = sequence.findLast((layer) => layer.outputShape.spatial.length > 0)?.outputShape.spatial;
  const perLayer = network.layers.map((layer) => ({
    name: layer.name,
    kind: layer.operation.kind,
    outputShape: layer.outputShape,
    ...operationCost(layer.operation, layer.inputShapes[0] ?? network.input, layer.outputShape),
  }));
  return { ...totalsOf(sequenceCost(sequence, network.input), finalMap ?? network.input.spatial), perLayer };
}

/**
 * Totals and fingerprint of an architecture, equal to those of its built network but without building it: equal blocks
 * are planned once, so thousands of grid points cost little more than their distinct blocks.
 *
 * @throws CompoundSearchError `NETWORK_INVALID` as {@link buildNetwork} and {@link networkCost}.
 */
export function summarizeNetwork(architecture: ScaledArchitecture): NetworkSummary {
  const plans = planNetwork(architecture).map((part) => part.plan);
  const cost = plans.map((plan) => plan.cost).reduce(appendCost);
  const finalMap = plans.at(-2)?.output.spatial ?? architecture.input.spatial;
  return {
    totals: totalsOf(cost, finalMap),
    fingerprint: fingerprintOf(
      architecture.input,
      plans.map((plan) => plan.text),
    ),
  };
}
