import { createHash } from 'node:crypto';

import type { FeatureShape, Network } from '../layers/layer.ts';
import type { SequenceLayer } from '../layers/layer-composer.ts';
import { layerSequence } from '../layers/layer-sequence.ts';
import { operationText } from '../layers/operation.ts';

/**
 * What the layer at `index` of a sequence computes, in one line. Inputs are given as distances back, so that the text of
 * a block is the same wherever the block stands.
 */
export function layerText({ operation, inputs }: SequenceLayer, index: number): string {
  const distances = inputs.map((position) => index + 1 - position);
  return `${operationText(operation)} <${distances.join(' ')}\n`;
}

/** What a sequence of layers computes, one line a layer. */
export function sequenceText(layers: readonly SequenceLayer[]): string {
  return layers.map(layerText).join('');
}

/** Hash of an input and of what is computed from it. */
export function fingerprintOf(input: FeatureShape, texts: readonly string[]): string {
  const hash = createHash('sha256');
  hash.update(`input ${input.spatial.join('x')}x${input.channels}\n`);
  for (const text of texts) hash.update(text);
  return hash.digest('hex');
}

/**
 * SHA-256, in hexadecimal, of what a network computes: its input's shape and all operations with their parameters and
 * connections. Names and the order of keys do not count; rates of dropout and constants of batch normalization do.
 */
export function fingerprint(network: Network): string {
  return fingerprintOf(network.input, [sequenceText(layerSequence(network))]);
}
