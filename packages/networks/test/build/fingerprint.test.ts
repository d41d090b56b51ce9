import { recipeSchema } from '@compound-search/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  baselines,
  buildNetwork,
  candidateArchitecture,
  findBaseline,
  fingerprint,
  type Network,
  networkCost,
  parseNetworkDescription,
  scaleBaseline,
} from '../../src/index.ts';
import { measure } from '../measure.ts';
import { randomDescription } from '../random-description.ts';

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
      { ...micro, stem: { ...micro.stem, padding: 0 } },
      { ...micro, stem: { ...micro.stem, padding: [0, 1] } },
      { ...micro, stages: [{ ...first, keepsExpansion: true }, ...rest] },
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

  it('is the same for a padding in pixels that pads as SAME does', () => {
    const micro = findBaseline('efficientnet-micro');
    const print = (stem: object) => fingerprint(measure({ ...micro, stem: { ...micro.stem, ...stem } }).network);
    expect(print({ kernel: 3, stride: 1, padding: 1 })).toBe(print({ kernel: 3, stride: 1 }));
    expect(print({ kernel: [3, 5], stride: 1, padding: [1, 2] })).toBe(print({ kernel: [3, 5], stride: 1 }));
    // At stride 2 SAME pads the 20 pixels with one zero behind and none before.
    expect(print({ kernel: 3, stride: 2, padding: 1 })).not.toBe(print({ kernel: 3, stride: 2 }));
  });

  it.each([...baselines.values()])(
    "of $name is the same with the baseline's own constants given by a recipe",
    (own) => {
      const { momentum } = own.normalization;
      const { dropoutRate, stochasticDepthRate } = own.regularization;
      const plain = fingerprint(measure(own).network);
      expect(fingerprint(measure(own, { normalizationMomentum: momentum }).network)).toBe(plain);
      expect(fingerprint(measure(own, { dropoutRate, stochasticDepthRate }).network)).toBe(plain);
      expect(fingerprint(measure(own, { normalizationMomentum: momentum / 2 }).network)).not.toBe(plain);
    },
  );

  it("of a candidate whose recipe gives no momentum is that of one given the baseline's own", () => {
    const { momentum } = findBaseline('efficientnet-micro').normalization;
    const print = (recipe: object) => {
      const setting = { baseline: 'efficientnet-micro', channels: 1, classes: 10, recipe: recipeSchema.parse(recipe) };
      return fingerprint(buildNetwork(candidateArchitecture({ ...setting, multipliers: same })));
    };
    expect(print({ batchNormalizationMomentum: momentum })).toBe(print({}));
    expect(print({ batchNormalizationMomentum: 0.5 })).not.toBe(print({}));
  });

  // Candidates that are stored are told apart by their fingerprints, so these must stay as they were.
  it.each([
    ['efficientnet-micro', '7aa9d87343f5b239924997419374bf828d2a615c58f8b7d6b7a615cc63be2b29'],
    ['mobilenet-v2-micro', '1b71fb2b83cb5b87881036d56bbb28d4646cd3868b636fa06551f2a04218a6c7'],
    ['resnet-micro', 'f49d383278838430b21f4e04ef248321d9447d02e799e31d7c2a3539a44818f3'],
    ['efficientnet-b0', '2bc8e6e60626603430276a1a2dead5016bb9e0c3c5ba516c90a80c0670556cce'],
    ['efficientnet-b0-cifar', 'fdd39408eb6105e1850068243ea7447bdff1c090f92ec5d614316eb9fee1654c'],
    ['efficientnet-lite0', '5ea5541ec788b925bca6387f86a9955e680ab5897505ff649db059e1e9a88d5e'],
    ['efficientnet-v2-b0', '8ab127f30f56f2b0896566044d5271269b7aa979c9e01d4e64751312283e37b3'],
    ['efficientnet-b0-3d', '452422ecd703bb694d343f4f4bf20dbed24666cbe79385fdd5a12738a18f79f2'],
    ['efficientnet-b0-3d-full-rate', 'a65225e34ef093f6f1b9208d592cfc727cadc254838f58e202e0df7cf4f0759f'],
    ['mobilenet-v1', '0b18f61ed8da22b4ad117cc285c6ce3a74a1554ac039a5cff77fefff9f02cfa9'],
    ['mobilenet-v1-cifar', 'e65e4d8dfd96af01b27af3668a06e511db3c64bf14cb897b37a94fe3e95b1e18'],
    ['mobilenet-v2', '201682d732ae0d3acdc0b6ef9219fb142c277d183338cf2ca534e7702bc43a44'],
    ['mobilenet-v2-cifar', 'a7d87a40334fef5c4a20012d820a00f1e4a05fd58991a762e3c065c81009dd02'],
    ['resnet-50', '6bae1ddd5d90e37a7950b68aab3be67b23a3a5606ae332d4fa0aba235881e5c7'],
    ['resnet-50-v1', '17fcef031af85f7e268de333f2f604b6d5342798b1080ce1d26a0cc87f358595'],
    ['resnet-50-cifar', 'b0ca9c29d786b9c072ea6d339571ba0c1344d3d1b6aec075389ef715b20eaf05'],
    ['resnet-20', '59e69a3de3f55584fd7e865df5a7d51e0e77883b13432d1ca8acbe83d2ada5fb'],
  ])('of %s is what it has been from the start', (name, print) => {
    expect(fingerprint(measure(name).network)).toBe(print);
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
