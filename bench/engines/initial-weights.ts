import type { Layer, Network } from '@compound-search/networks';
import type { RandomStream } from '@compound-search/random';
import { randomStream } from '@compound-search/random';

/** A trained variable and its first values. */
export interface InitialWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * Initial values of all trained variables of a network: every engine starts from the same, so that their losses can be
 * compared. Kernels are normal with variance 2 / fan-out; scales are 1; biases and offsets 0.
 */
export function drawInitialWeights(network: Network, seed: number): InitialWeight[] {
  return network.layers.flatMap((layer) =>
    trainedParts(layer).map(({ part, shape, start }) => {
      const name = `${layer.name}/${part}`;
      const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
      if (start.kind === 'constant') values.fill(start.value);
      else {
        const random = randomStream(seed, name);
        for (let i = 0; i < values.length; i += 1) values[i] = normal(random) * Math.sqrt(2 / start.fanOut);
      }
      return { name, shape, values };
    }),
  );
}

type Start =
  { readonly kind: 'constant'; readonly value: number } | { readonly kind: 'normal'; readonly fanOut: number };

interface TrainedPart {
  readonly part: 'kernel' | 'bias' | 'scale' | 'offset';
  readonly shape: readonly number[];
  readonly start: Start;
}

const zero: Start = { kind: 'constant', value: 0 };
const one: Start = { kind: 'constant', value: 1 };

function trainedParts({ operation, inputShapes, outputShape }: Layer): TrainedPart[] {
  const channels = inputShapes[0]?.channels ?? 0;
  const kernel = (shape: readonly number[], fanOut: number): TrainedPart => ({
    part: 'kernel',
    shape,
    start: { kind: 'normal', fanOut },
  });
  const bias: TrainedPart = { part: 'bias', shape: [outputShape.channels], start: zero };
  switch (operation.kind) {
    case 'convolution': {
      const fanOut = operation.kernel.reduce((product, side) => product * side, operation.filters);
      return [kernel([...operation.kernel, channels, operation.filters], fanOut), ...(operation.bias ? [bias] : [])];
    }
    case 'depthwise-convolution': {
      const fanOut = operation.kernel.reduce((product, side) => product * side, 1);
      return [kernel([...operation.kernel, channels, 1], fanOut), ...(operation.bias ? [bias] : [])];
    }
    case 'dense':
      return [kernel([channels, operation.units], operation.units), ...(operation.bias ? [bias] : [])];
    case 'batch-normalization':
      return [
        { part: 'scale', shape: [outputShape.channels], start: one },
        { part: 'offset', shape: [outputShape.channels], start: zero },
      ];
    default:
      return [];
  }
}

/** Box and Muller's transform of two uniform numbers; the first is kept from 0. */
function normal(random: RandomStream): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.nextFloat()));
  return radius * Math.cos(2 * Math.PI * random.nextFloat());
}
