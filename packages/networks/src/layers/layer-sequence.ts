import { networkFault } from '../description/network-fault.ts';
import { type Network, networkInput } from './layer.ts';
import type { SequenceLayer } from './layer-composer.ts';

/**
 * The layers of a network with their inputs as positions instead of names.
 *
 * @throws CompoundSearchError `NETWORK_INVALID` where a layer reads a name that no earlier layer has.
 */
export function layerSequence(network: Network): SequenceLayer[] {
  const positions = new Map<string, number>([[networkInput, 0]]);
  return network.layers.map((layer, index) => {
    const inputs = layer.inputs.map((name) => {
      const position = positions.get(name);
      if (position !== undefined) return position;
      throw networkFault(
        `layers.${index}.inputs`,
        name,
        `Layer ${layer.name} reads ${name}, which no earlier layer is called.`,
        'Put layers in topological order.',
      );
    });
    positions.set(layer.name, index + 1);
    return {
      name: layer.name,
      operation: layer.operation,
      inputs,
      inputShapes: layer.inputShapes,
      outputShape: layer.outputShape,
    };
  });
}
