import { CompoundSearchError, largestSavedModel } from '@compound-search/contracts';
import { encodeSavedModel } from '@compound-search/graph';

import { buildServingGraph, type ServingGraphRequest } from '../lowering/serving-graph.ts';
import type { Elements } from '../tensorflow/session.ts';

/** A trained network whose weights are as TensorFlow exported them. */
export type ServingModelRequest = Omit<ServingGraphRequest, 'weights'> & {
  readonly variables: ReadonlyMap<string, Elements>;
};

/**
 * A trained network as the bytes of saved_model.pb, which a folder of its own makes a SavedModel: TensorFlow of any
 * language and TensorFlow.js load it.
 *
 * @throws CompoundSearchError NETWORK_INVALID where the file would be larger than is stored.
 */
export function encodeServingModel({ network, image, variables }: ServingModelRequest): Uint8Array {
  const { graph, signatures } = buildServingGraph({ network, image, weights: floats(variables) });
  const bytes = encodeSavedModel(graph, { signatures });
  if (bytes.length > largestSavedModel) {
    throw new CompoundSearchError(
      'NETWORK_INVALID',
      `The model has ${bytes.length} bytes; at most ${largestSavedModel} are stored`,
      { field: 'phi', value: bytes.length, remedy: 'Use a smaller phi.' },
    );
  }
  return bytes;
}

function floats(variables: ReadonlyMap<string, Elements>): ReadonlyMap<string, Float32Array> {
  return new Map(
    [...variables].map(([name, elements]) => {
      if (!(elements instanceof Float32Array)) throw new Error(`The variable ${name} is not of float32`);
      return [name, elements];
    }),
  );
}
