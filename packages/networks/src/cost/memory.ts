import type { NetworkTotals } from './cost.ts';

const bytesPerValue = 4;

/** The settings of a training that its memory depends on. */
export interface TrainingSetup {
  /** Images per step. */
  readonly batch: number;
  /**
   * Values that the optimizer keeps for every parameter.
   *
   * @defaultValue 2, RMSProp with momentum
   */
  readonly optimizerSlots?: number;
  /**
   * Whether an exponential moving average of the weights is kept.
   *
   * @defaultValue true
   */
  readonly weightAverage?: boolean;
}

/** Bytes that training holds; a lower bound, since frameworks also keep the input of swish. */
export interface TrainingMemory {
  readonly weights: number;
  readonly gradients: number;
  readonly optimizer: number;
  readonly weightAverage: number;
  /** Outputs that the backward pass reads, for the whole batch. */
  readonly activations: number;
  readonly total: number;
}

/** Bytes for training in single precision: weights, gradients, optimizer, moving average, activations times batch. */
export function trainingMemory(
  totals: Pick<NetworkTotals, 'parameters' | 'activations'>,
  { batch, optimizerSlots = 2, weightAverage = true }: TrainingSetup,
): TrainingMemory {
  const weights = bytesPerValue * totals.parameters;
  const parts = {
    weights,
    gradients: weights,
    optimizer: optimizerSlots * weights,
    weightAverage: weightAverage ? weights : 0,
    activations: bytesPerValue * totals.activations * batch,
  };
  return { ...parts, total: Object.values(parts).reduce((sum, part) => sum + part, 0) };
}

/** Bytes that inference on one image holds in single precision: all weights, and the values alive at the worst moment. */
export function inferenceMemory(totals: Pick<NetworkTotals, 'parametersWithStatistics' | 'inference'>): number {
  return bytesPerValue * (totals.parametersWithStatistics + totals.inference.peak);
}
