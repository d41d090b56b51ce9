import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { Graph, writeSavedModel } from '@compound-search/graph';
import type { Network } from '@compound-search/networks';
import { randomStream } from '@compound-search/random';

import { createNetworkVariables, type InitialValue } from '../lowering/network-variables.ts';
import { planar } from '../lowering/planar.ts';
import { buildServingGraph } from '../lowering/serving-graph.ts';
import type { TFJSBinding } from '../tensorflow/addon.ts';
import { runnable, Session } from '../tensorflow/session.ts';

/** A network that is ready to infer: one image at a time, with weights that nobody has trained. */
export interface Inference {
  /** Infers on one image, blocking this thread. */
  run(): Float32Array;
  close(): void;
}

/** Loads the serving graph of a network as a model trial would leave it: weights are constants, which TensorFlow folds. */
export async function loadInference(addon: TFJSBinding, network: Network): Promise<Inference> {
  const [height, width] = planar(network.input.spatial);
  const image = { height, width, channels: network.input.channels };
  const { graph, signatures } = buildServingGraph({ network, image, weights: untrainedWeights(network) });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'compound-search-latency-'));
  try {
    await writeSavedModel(folder, graph, { signatures });
    const session = new Session(addon, folder);
    const { inputs, outputs } = runnable(signatures.serving_default);
    const [fed] = Object.values(inputs);
    if (fed === undefined) throw new Error('A serving graph takes images');
    const one = { inputs: { image: { ...fed, shape: [1, height, width, image.channels] } }, outputs };
    const pixels = draw(height * width * image.channels, 'pixels', { kind: 'uniform', limit: 127.5 }).map(
      (value) => value + 127.5,
    );
    return {
      run() {
        const { probabilities } = session.run(one, { image: pixels });
        if (!(probabilities instanceof Float32Array)) throw new Error('A serving graph gives probabilities');
        return probabilities;
      },
      close: () => {
        session.close();
      },
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Weights as a training starts with: numbers of an ordinary size, with which no operation is faster or slower than usual. */
function untrainedWeights(network: Network): ReadonlyMap<string, Float32Array> {
  const variables = [...createNetworkVariables(new Graph(), network).values()].flatMap((parts) => [...parts.values()]);
  return new Map(
    variables.map(({ variable: { name, shape }, initial }) => [
      name,
      draw(
        shape.reduce((product, side) => product * side, 1),
        name,
        initial,
      ),
    ]),
  );
}

function draw(count: number, stream: string, initial: InitialValue): Float32Array {
  if (initial.kind === 'constant') return new Float32Array(count).fill(initial.value);
  // Of the same spread as the normal ones; their shape is nothing that a speed depends on.
  const limit = initial.kind === 'uniform' ? initial.limit : Math.sqrt(3) * initial.standardDeviation;
  const random = randomStream(0, stream);
  return Float32Array.from({ length: count }, () => limit * (2 * random.nextFloat() - 1));
}
