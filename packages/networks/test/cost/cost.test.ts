import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  baselines,
  buildNetwork,
  fingerprint,
  inferenceMemory,
  type Network,
  networkCost,
  scaleBaseline,
  summarizeNetwork,
  trainingMemory,
} from '../../src/index.ts';
import { measure } from '../measure.ts';
import { randomDescription, randomMultipliers } from '../random-description.ts';

/** Most values alive at once, from the lifetime of each value alone: an independent, quadratic computation. */
function peakByLifetimes(network: Network): number {
  const size = ({ spatial, channels }: Network['input']) => spatial.reduce((a, b) => a * b, channels);
  const inPlace = new Set([
    'batch-normalization',
    'activation',
    'channel-scaling',
    'addition',
    'stochastic-depth',
    'dropout',
  ]);
  const values = [
    { name: 'image', size: size(network.input), born: 0 },
    ...network.layers.map((layer, index) => ({ name: layer.name, size: size(layer.outputShape), born: index + 1 })),
  ];
  const dies = (name: string) => network.layers.findLastIndex((layer) => layer.inputs.includes(name)) + 1;
  return Math.max(
    ...network.layers.map((layer, index) => {
      const step = index + 1;
      const alive = values.filter((value) => value.born < step && dies(value.name) >= step);
      const first = layer.inputs[0] ?? '';
      const overwrites = inPlace.has(layer.operation.kind) && dies(first) === step;
      const total = alive.reduce((sum, value) => sum + value.size, 0);
      return total + (overwrites ? 0 : size(layer.outputShape));
    }),
  );
}

/** What one layer reads along the first axis for a set of its outputs. */
function positionsRead({ operation }: Network['layers'][number], outputs: ReadonlySet<number>): number[] {
  const stride = 'strides' in operation ? (operation.strides[0] ?? 1) : 1;
  const kernel = 'kernel' in operation ? (operation.kernel[0] ?? 1) : 1;
  return [...outputs].flatMap((output) => Array.from({ length: kernel }, (_, tap) => output * stride + tap));
}

/** Rows of pixels that one position of the final map sees, found by marking backwards what each layer reads. */
function receptiveFieldBySpreading(network: Network): number {
  const finalMap = network.layers.findLast((layer) => layer.outputShape.spatial.length > 0);
  const marked = new Map<string, ReadonlySet<number>>([[finalMap?.name ?? '', new Set([0])]]);
  for (const layer of network.layers.toReversed()) {
    const outputs = marked.get(layer.name);
    if (outputs === undefined) continue;
    // The gate of squeeze-and-excitation sees everything, and is left out.
    const sources = layer.operation.kind === 'channel-scaling' ? layer.inputs.slice(0, 1) : layer.inputs;
    for (const source of sources) {
      marked.set(source, new Set([...(marked.get(source) ?? []), ...positionsRead(layer, outputs)]));
    }
  }
  const rows = [...(marked.get('image') ?? [])];
  return Math.max(...rows) - Math.min(...rows) + 1;
}

/** Everything about a cost but its layers. */
function totalsOf({ perLayer, ...totals }: ReturnType<typeof networkCost>) {
  expect(perLayer.length).toBeGreaterThan(0);
  return totals;
}

describe('the cost of a network', () => {
  it('is the sum over its layers', () => {
    fc.assert(
      fc.property(randomDescription(), randomMultipliers, (description, multipliers) => {
        const cost = networkCost(buildNetwork(scaleBaseline(description, multipliers)));
        const sum = (key: 'parameters' | 'statistics' | 'macs' | 'biasAdditions' | 'activations') =>
          cost.perLayer.reduce((total, layer) => total + layer[key], 0);
        expect(cost.parameters).toBe(sum('parameters'));
        expect(cost.parametersWithStatistics).toBe(sum('parameters') + sum('statistics'));
        expect(cost.macs).toBe(sum('macs'));
        expect(cost.macsWithBias).toBe(sum('macs') + sum('biasAdditions'));
        expect(cost.flops).toBe(2 * sum('macs'));
        expect(cost.activations).toBe(sum('activations'));
      }),
    );
  });

  it('and the fingerprint are the same without building the layers', () => {
    fc.assert(
      fc.property(randomDescription(), randomMultipliers, (description, multipliers) => {
        const architecture = scaleBaseline(description, multipliers);
        const network = buildNetwork(architecture);
        const totals = totalsOf(networkCost(network));
        expect(summarizeNetwork(architecture)).toEqual({ totals, fingerprint: fingerprint(network) });
      }),
    );
  });

  it.each([...baselines.values()])('of $name is the same without building the layers', (baseline) => {
    const architecture = scaleBaseline(baseline, { depth: 1.3, width: 1.1, resolution: 1.15 });
    const totals = totalsOf(networkCost(buildNetwork(architecture)));
    expect(summarizeNetwork(architecture).totals).toEqual(totals);
  });

  it('in FLOPs is twice the MACs: 771,629,504 for B0 (automl issue 51)', () => {
    expect(measure('efficientnet-b0').cost.flops).toBe(771_629_504);
  });

  it('is refused where it leaves exact integers', () => {
    const scale = { depth: 1, width: 3000, resolution: 200 };
    const { baseline } = measure('efficientnet-micro').architecture;
    expect(() => summarizeNetwork(scaleBaseline(baseline, scale))).toThrow(
      expect.objectContaining({ code: 'NETWORK_INVALID' }),
    );
  });

  it('cannot be had of layers that read what is not there', () => {
    const { network } = measure('efficientnet-micro');
    const broken = { ...network, layers: network.layers.slice(1) };
    expect(() => networkCost(broken)).toThrow(
      expect.objectContaining({ code: 'NETWORK_INVALID', field: 'layers.0.inputs' }),
    );
  });
});

describe('memory', () => {
  it('of inference with B0 peaks at 1,505,280 values, in the depthwise convolution of stage 2', () => {
    const { cost } = measure('efficientnet-b0');
    expect(cost.inference).toEqual({ largestOperation: 96 * 112 ** 2 + 96 * 56 ** 2, peak: 1_505_280 });
    expect(inferenceMemory(cost)).toBe(4 * (5_330_564 + 1_505_280));
  });

  it('at its peak counts shortcuts that are held, as lifetimes say', () => {
    fc.assert(
      fc.property(randomDescription(), (description) => {
        const network = buildNetwork(scaleBaseline(description, { depth: 1, width: 1, resolution: 1 }));
        expect(networkCost(network).inference.peak).toBe(peakByLifetimes(network));
      }),
    );
  });

  it('of the weights of B0 is 20.17 MiB (timm issue 15)', () => {
    const { weights } = trainingMemory(measure('efficientnet-b0').cost, { batch: 1 });
    expect(weights / 2 ** 20).toBeCloseTo(20.17, 2);
  });

  it('of training is 20 bytes a parameter with RMSProp and an average, and 4 an activation and image', () => {
    const { cost } = measure('efficientnet-b0');
    expect(trainingMemory(cost, { batch: 32 }).total).toBe(20 * 5_288_548 + 4 * 32 * 6_748_036);
    expect(trainingMemory(cost, { batch: 32, optimizerSlots: 0, weightAverage: false }).total).toBe(
      8 * 5_288_548 + 4 * 32 * 6_748_036,
    );
  });
});

describe('what the final map sees', () => {
  it('is 851 pixels in EfficientNet-B0 at an output stride of 32', () => {
    const { cost } = measure('efficientnet-b0');
    // 1 and (kernel - 1) * stride so far of each convolution: 2 | 4 | 4 + 8 | 16 + 32 | 16 + 2 * 32 | 3 * 64 | 64 + 3 * 128 | 64.
    expect(cost.receptiveField).toEqual([receptiveFieldBySpreading(measure('efficientnet-b0').network), 851]);
    expect(cost.finalMap).toEqual([7, 7]);
  });

  it('is what spreading back through every layer finds, in random networks', () => {
    fc.assert(
      fc.property(randomDescription(), (description) => {
        const network = buildNetwork(scaleBaseline(description, { depth: 1, width: 1, resolution: 1 }));
        expect(networkCost(network).receptiveField[0]).toBe(receptiveFieldBySpreading(network));
      }),
    );
  });

  it('of a clip is told for frames, height and width', () => {
    const { cost } = measure('efficientnet-b0-3d-full-rate');
    expect(cost.outputStride).toEqual([1, 32, 32]);
    // Without temporal striding each of the kernels 3, 3, 3 3, 5 5, 3 3 3, 5 5 5, 5 5 5 5, 3 adds k - 1 frames.
    expect(cost.receptiveField[0]).toBe(1 + 2 + 2 + 4 + 8 + 6 + 12 + 16 + 2);
  });
});
