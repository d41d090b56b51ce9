import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  baselines,
  buildNetwork,
  findBaseline,
  fingerprint,
  type Network,
  networkCost,
  parseNetworkDescription,
  scaleBaseline,
} from '../src/index.ts';
import { measure } from './measure.ts';
import { randomDescription } from './random-description.ts';

const same = { depth: 1, width: 1, resolution: 1 };

/** The same value with the keys of every object in reverse order. */
function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reverseKeys(item)]),
  );
}

function renameLayers(network: Network): Network {
  const renamed = (name: string) => (name === 'image' ? name : `x${name.length}-${name}`);
  return {
    ...network,
    layers: network.layers.map((layer) => ({ ...layer, name: renamed(layer.name), inputs: layer.inputs.map(renamed) })),
  };
}

describe('a fingerprint', () => {
  it('is 64 hexadecimal digits', () => {
    expect(fingerprint(measure('efficientnet-micro').network)).toMatch(/^[0-9a-f]{64}$/u);
  });

  it.each([...baselines.keys()])('and the cost of %s survive a round trip through JSON, and reversed keys', (name) => {
    const baseline = findBaseline(name);
    const back = parseNetworkDescription(reverseKeys(JSON.parse(JSON.stringify(baseline))));
    const before = buildNetwork(scaleBaseline(baseline, same));
    const after = buildNetwork(scaleBaseline(back, same));
    expect(fingerprint(after)).toBe(fingerprint(before));
    expect(networkCost(after)).toEqual(networkCost(before));
  });

  it('does not change with key order or with the names of networks and layers', () => {
    fc.assert(
      fc.property(randomDescription(), (description) => {
        const network = buildNetwork(scaleBaseline(description, same));
        const other = { ...description, name: 'other', summary: 'another text' };
        const reordered = parseNetworkDescription(reverseKeys(JSON.parse(JSON.stringify(other))));
        expect(fingerprint(buildNetwork(scaleBaseline(reordered, same)))).toBe(fingerprint(network));
        expect(fingerprint(renameLayers(network))).toBe(fingerprint(network));
        expect(fingerprint(reverseKeys(network) as Network)).toBe(fingerprint(network));
      }),
    );
  });

  it('is different for every baseline', () => {
    const all = [...baselines.values()].map((baseline) => fingerprint(buildNetwork(scaleBaseline(baseline, same))));
    expect(new Set(all).size).toBe(baselines.size);
  });

  it('changes with everything that a network computes', () => {
    const micro = findBaseline('efficientnet-micro');
    const [first, ...rest] = micro.stages;
    if (first?.block !== 'inverted-residual') throw new Error('the micro baseline begins with another block');
    const changed = [
      micro,
      { ...micro, activation: 'relu' as const },
      { ...micro, classes: 11 },
      { ...micro, convolutionBias: true },
      { ...micro, input: { spatial: [20, 22], channels: 1 } },
      { ...micro, input: { spatial: [20, 20], channels: 3 } },
      { ...micro, normalization: { momentum: 0.9, epsilon: 1e-5 } },
      { ...micro, normalization: { momentum: 0.99, epsilon: 1e-3 } },
      { ...micro, regularization: { ...micro.regularization, dropoutRate: 0.2 } },
      { ...micro, regularization: { ...micro.regularization, stochasticDepthRate: 0.2 } },
      { ...micro, head: undefined },
      { ...micro, stem: { ...micro.stem, pooling: { kernel: 2, stride: 1 } } },
      { ...micro, stages: [{ ...first, kernel: 5 }, ...rest] },
      { ...micro, stages: [{ ...first, channels: 12 }, ...rest] },
      { ...micro, stages: [{ ...first, repeats: 2 }, ...rest] },
      { ...micro, stages: [{ ...first, shortcut: 'projection' as const }, ...rest] },
      { ...micro, stages: [{ ...first, squeezeExcitation: 0.5 }, ...rest] },
      { ...micro, stages: [{ ...first, squeezeExcitation: undefined }, ...rest] },
      { ...micro, stages: [{ ...first, activation: 'hard-swish' as const }, ...rest] },
    ];
    const prints = changed.map((description) => fingerprint(buildNetwork(scaleBaseline(description, same))));
    expect(new Set(prints).size).toBe(changed.length);
  });

  it('tells apart layers that only differ in what they read', () => {
    const { network } = measure('efficientnet-micro');
    const addition = network.layers.find((layer) => layer.operation.kind === 'addition');
    const swapped: Network = {
      ...network,
      layers: network.layers.map((layer) =>
        layer === addition ? { ...layer, inputs: layer.inputs.map(() => layer.inputs[0] ?? '') } : layer,
      ),
    };
    expect(addition).toBeDefined();
    expect(fingerprint(swapped)).not.toBe(fingerprint(network));
  });
});
