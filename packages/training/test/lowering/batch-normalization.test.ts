import { Graph, type Operation, placeholder } from '@compound-search/graph';
import { buildNetwork, findBaseline, type Network, scaleBaseline } from '@compound-search/networks';
import { describe, expect, it } from 'vitest';

import { type BatchNormalizationKernels, lowerNetwork } from '../../src/lowering/lower-network.ts';
import { createNetworkVariables } from '../../src/lowering/network-variables.ts';
import { loadAddon } from '../../src/tensorflow/addon.ts';
import { prepareData } from '../../src/trial/prepared-data.ts';
import { prepareNetwork } from '../../src/trial/prepared-network.ts';
import { Trainer } from '../../src/trial/trainer.ts';
import { shapesSpecification } from '../shapes-specification.ts';

interface Pass {
  readonly batch: number;
  readonly isTraining: boolean;
  readonly batchNormalization?: BatchNormalizationKernels;
}

/** Inputs of a network's batch normalizations, as `height x width x channels`, by the kernels that are to run. */
function normalizations(network: Network, { batch, isTraining, ...options }: Pass) {
  const graph = new Graph();
  const variables = createNetworkVariables(graph, network);
  const [height = 0, width = 0] = network.input.spatial;
  const shape = [batch, height, width, network.input.channels];
  const images = placeholder(graph, 'images', { dtype: 'float32', shape });
  const uniform = (_: string, drawn: readonly number[]) => placeholder(graph, 'u', { dtype: 'float32', shape: drawn });
  lowerNetwork(network, images, { variables, training: isTraining ? { uniform } : null, ...options });
  const all = graph.operations.filter(({ type }) => type === 'FusedBatchNormV3');
  const inFormat = (format: string): string[] => [
    ...new Set(all.filter((one) => formatOf(one) === format).map((one) => one.input(0).shape.slice(-3).join('x'))),
  ];
  return { onednn: inFormat('NHWC'), tensorflow: inFormat('NDHWC') };
}

function formatOf({ attributes: { data_format: format } }: Operation): string {
  return format !== undefined && 'string' in format ? format.string : '';
}

/** Losses of the first steps and of an evaluation after them. */
async function losses(batchNormalization: BatchNormalizationKernels): Promise<number[]> {
  const specification = shapesSpecification();
  const data = await prepareData(specification, 'datasets');
  const { recipe } = specification;
  const request = { ...prepareNetwork(specification, data), recipe, data, batchNormalization };
  const trainer = await Trainer.create(loadAddon(), request);
  trainer.initialize(1);
  const steps = [0, 1, 2].map((step) => {
    const indices = data.train.slice(step * recipe.batchSize, (step + 1) * recipe.batchSize);
    return trainer.step(indices, { step, seed: 1 }).loss;
  });
  const { loss } = await trainer.evaluate(data.validation, () => Promise.resolve());
  await trainer.close();
  return [...steps, loss];
}

describe('batch normalization', () => {
  const multipliers = { depth: 1, width: 1, resolution: 1 };
  const network = buildNetwork(scaleBaseline(findBaseline('mobilenet-v2-cifar'), multipliers));

  it('is left to oneDNN where nothing else is asked for', () => {
    const pass = { batch: 32, isTraining: true };
    expect(normalizations(network, pass).tensorflow).toEqual([]);
    expect(normalizations(network, { ...pass, batchNormalization: 'onednn' })).toEqual(normalizations(network, pass));
  });

  const few = ['32x32x16', '16x16x24', '2x2x576', '2x2x160', '2x2x960', '2x2x320', '2x2x1280'];
  const many = [
    ...['32x32x32', '32x32x96', '16x16x96', '16x16x144', '8x8x144', '8x8x32', '8x8x192', '4x4x192', '4x4x64'],
    ...['4x4x384', '4x4x96', '4x4x576'],
  ];
  it.each([
    ['over many positions and channels', { batch: 2, isTraining: true }, few, many],
    [
      'not over more than 8 MiB of a training',
      { batch: 32, isTraining: true },
      ['32x32x16', '32x32x96', ...few.slice(1)],
      many.filter((size) => size !== '32x32x96'),
    ],
    ['over any size of an evaluation', { batch: 250, isTraining: false }, few, many],
  ])("is TensorFlow's own where that is the faster one: %s", (_, pass, onednn, tensorflow) => {
    expect(normalizations(network, { ...pass, batchNormalization: 'tensorflow' })).toEqual({ onednn, tensorflow });
  });

  it('trains and evaluates alike with both, but for the last bits', async () => {
    const [one, other] = [await losses('onednn'), await losses('tensorflow')];
    const differences = other.map((loss, index) => Math.abs(loss / (one[index] ?? NaN) - 1));
    expect(Math.max(...differences)).toBeLessThan(1e-3);
  });
});
