import { type Layer, type Network, networkInput } from '../layers/layer.ts';
import type { ScaledArchitecture } from './architecture.ts';
import { type NetworkPart, planNetwork } from './sequence-plan.ts';

/**
 * The layers of a scaled architecture, in topological order.
 *
 * @throws CompoundSearchError `NETWORK_INVALID` with the path of the fault where a part does not fit its input.
 */
export function buildNetwork(architecture: ScaledArchitecture): Network {
  const layers: Layer[] = [];
  for (const part of planNetwork(architecture)) addLayers(layers, part);
  return { input: architecture.input, classes: architecture.classes, layers };
}

function addLayers(layers: Layer[], { path, plan }: NetworkPart): void {
  const names = [layers.at(-1)?.name ?? networkInput, ...plan.layers.map((layer) => `${path}/${layer.name}`)];
  plan.layers.forEach((layer, index) => {
    layers.push({
      name: names[index + 1] ?? path,
      operation: layer.operation,
      inputs: layer.inputs.map((position) => names[position] ?? networkInput),
      inputShapes: layer.inputShapes,
      outputShape: layer.outputShape,
    });
  });
}
