import {
  buildNetwork,
  findBaseline,
  networkCost,
  type NetworkDescription,
  scaleBaseline,
  type ScalingOptions,
} from '../src/index.ts';

/** Multipliers and options in one; multipliers are 1 where not given. */
export interface Scaled extends Omit<ScalingOptions, 'resolution'> {
  readonly depth?: number;
  readonly width?: number;
  readonly ratio?: number;
  readonly resolution?: number | readonly number[];
}

/** Scales and builds a baseline, layer by layer, and counts what its layers cost. */
export function measure(baseline: string | NetworkDescription, scaled: Scaled = {}) {
  const { depth = 1, width = 1, ratio = 1, ...options } = scaled;
  const description = typeof baseline === 'string' ? findBaseline(baseline) : baseline;
  const architecture = scaleBaseline(description, { depth, width, resolution: ratio }, options);
  const network = buildNetwork(architecture);
  return { architecture, network, cost: networkCost(network) };
}

/** Values in all batch-normalized maps of a network. */
export function normalizedValues(network: ReturnType<typeof buildNetwork>): number {
  return network.layers
    .filter((layer) => layer.operation.kind === 'batch-normalization')
    .reduce((sum, { outputShape: { spatial, channels } }) => sum + spatial.reduce((a, b) => a * b, channels), 0);
}
