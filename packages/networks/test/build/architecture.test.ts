import { multipliers, roundingPolicyNames, unscaled } from '@compound-search/scaling';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { baselines, findBaseline, fingerprint, scaleBaseline } from '../../src/index.ts';
import { measure } from '../measure.ts';

const b0 = findBaseline('efficientnet-b0');
const paper = { alpha: 1.2, beta: 1.1, gamma: 1.15 };

describe('scaling a baseline', () => {
  it.each([...baselines.keys()])('by nothing leaves %s as it is, under every policy', (name) => {
    const baseline = findBaseline(name);
    for (const policy of roundingPolicyNames) {
      const scaled = scaleBaseline(baseline, unscaled, { policy });
      expect(scaled.repeats).toEqual(baseline.stages.map((stage) => stage.repeats));
      expect(scaled.stages).toEqual(baseline.stages.map((stage) => stage.channels));
      expect(scaled.stem).toBe(baseline.stem.channels);
      expect(scaled.head).toBe(baseline.head?.channels);
      expect(scaled.resolution).toEqual(baseline.input.spatial);
      expect(scaled.notes).toEqual([]);
    }
  });

  it('lists channels as [stem, stages..., head], without a head where there is none', () => {
    expect(scaleBaseline(b0, unscaled).channels).toEqual([32, 16, 24, 40, 80, 112, 192, 320, 1280]);
    expect(scaleBaseline(findBaseline('resnet-50'), unscaled).channels).toEqual([64, 256, 512, 1024, 2048]);
  });

  it('at phi = -1 says that ceil left the depth unchanged and what round would give (qubvel/efficientnet 26)', () => {
    const scaled = scaleBaseline(b0, multipliers(paper, -1));
    expect(scaled.repeats).toEqual([1, 2, 2, 3, 3, 4, 1]);
    expect(scaled.notes.map((note) => note.code)).toEqual(['DEPTH_UNCHANGED']);
    expect(scaled.notes[0]?.message).toContain('1, 2, 2, 2, 2, 3, 1');
    const rounded = scaleBaseline(b0, multipliers(paper, -1), { rounding: { repeats: 'round' } });
    expect(rounded.repeats).toEqual([1, 2, 2, 2, 2, 3, 1]);
    expect(rounded.notes).toEqual([]);
  });

  it('says nothing of the depth where it changed or was not asked to', () => {
    expect(scaleBaseline(b0, multipliers(paper, -5)).notes).toEqual([]);
    expect(scaleBaseline(b0, { depth: 1, width: 1.1, resolution: 1.15 }).notes).toEqual([]);
  });

  it("gives B1 and B2 equal repeats and B2 more channels (batchflow pull 415: the channels' rounding was missing)", () => {
    const b1 = scaleBaseline(b0, { depth: 1.1, width: 1, resolution: 1 });
    const b2 = scaleBaseline(b0, { depth: 1.2, width: 1.1, resolution: 1 });
    expect(b1.repeats).toEqual(b2.repeats);
    expect(b1.channels).toEqual([32, 16, 24, 40, 80, 112, 192, 320, 1280]);
    expect(b2.channels).toEqual([32, 16, 24, 48, 88, 120, 208, 352, 1408]);
  });

  it('keeps the shape of an image that is not square', () => {
    const options = { input: { spatial: [200, 300] } };
    expect(scaleBaseline(b0, { ...unscaled, resolution: 1.1 }, options).resolution).toEqual([220, 330]);
  });

  it('takes a resolution in pixels for height and width, and leaves frames to the multiplier', () => {
    expect(scaleBaseline(b0, unscaled, { resolution: 380 }).resolution).toEqual([380, 380]);
    const video = findBaseline('efficientnet-b0-3d');
    expect(scaleBaseline(video, { ...unscaled, resolution: 2 }, { resolution: 128 }).resolution).toEqual([
      32, 128, 128,
    ]);
  });

  it("uses a baseline's divisor and step with its own policy alone", () => {
    const micro = findBaseline('efficientnet-micro');
    const scale = { depth: 1, width: 1.1, resolution: 1.15 };
    expect(scaleBaseline(micro, scale).channels).toEqual([12, 8, 16, 28, 104]);
    expect(scaleBaseline(micro, scale).resolution).toEqual([24, 24]);
    expect(scaleBaseline(micro, scale, { policy: 'pycls' }).channels).toEqual([16, 8, 16, 24, 104]);
  });

  it('rounds the inner channels of a bottleneck, so that its reduction stays exact', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 4, noNaN: true }), (width) => {
        for (const channels of scaleBaseline(findBaseline('resnet-50'), { ...unscaled, width }).stages) {
          expect(channels % 32).toBe(0);
        }
      }),
    );
  });

  it.each([
    ['depth', 0],
    ['width', -1],
    ['resolution', Number.NaN],
    ['depth', Number.POSITIVE_INFINITY],
  ])('refuses a %s of %d', (field, value) => {
    expect(() => scaleBaseline(b0, { ...unscaled, [field]: value })).toThrow(
      expect.objectContaining({ code: 'COEFFICIENT_INVALID', field }),
    );
  });

  it.each([
    ['depth', { ...unscaled, depth: 1e6 }, {}],
    ['width', { ...unscaled, width: 1e6 }, {}],
    ['resolution', { ...unscaled, resolution: 1e6 }, {}],
    ['resolution', unscaled, { resolution: 0 }],
    ['resolution', unscaled, { resolution: 224.5 }],
    ['resolution', unscaled, { resolution: [16, 224, 224] }],
    ['classes', unscaled, { classes: 0 }],
    ['input.channels', unscaled, { input: { channels: 0 } }],
  ])('refuses a %s that cannot be built, at once', (field, scale, options) => {
    expect(() => scaleBaseline(b0, scale, options)).toThrow(
      expect.objectContaining({ code: 'NETWORK_INVALID', field }),
    );
  });
});

describe('stochastic depth', () => {
  const rates = (name: string, depth: number, stochasticDepthRate: number) =>
    measure(name, { depth, stochasticDepthRate }).network.layers.flatMap((layer) =>
      layer.operation.kind === 'stochastic-depth' ? [{ name: layer.name, rate: layer.operation.rate }] : [],
    );

  it('grows over the scaled blocks: the last of B7 drops with 0.4 x 54/55 at rate 0.4 (qubvel/efficientnet 142)', () => {
    // The last stage of B7 has 4 blocks; the fourth is block 54 of 55 and has a residual.
    expect(rates('efficientnet-b0', 3.1, 0.4).at(-1)?.rate).toBeCloseTo(0.392727, 6);
  });

  it('of L2 ends at 0.2 x 87/88', () => {
    expect(rates('efficientnet-b0', 5.3, 0.2).at(-1)?.rate).toBeCloseTo((0.2 * 87) / 88, 12);
  });

  it('rises strictly from block to block (keras issue 16144: it never did)', () => {
    const found = rates('efficientnet-b0', 1.8, 0.2).map(({ rate }) => rate);
    expect(found.length).toBeGreaterThan(20);
    found.reduce((before, rate) => {
      expect(rate).toBeGreaterThan(before);
      return rate;
    }, 0);
  });

  it('drops only where there is a residual, so never the whole signal', () => {
    const { network } = measure('efficientnet-b0', { depth: 1.8 });
    const dropped = network.layers.filter((layer) => layer.operation.kind === 'stochastic-depth');
    for (const { name } of dropped) {
      expect(network.layers.some((layer) => layer.operation.kind === 'addition' && layer.inputs.includes(name))).toBe(
        true,
      );
    }
  });

  it('of EfficientNet is 0.2 unless asked otherwise (tensorflow/tpu 381)', () => {
    expect(scaleBaseline(b0, unscaled).stochasticDepthRate).toBe(0.2);
    expect(rates('efficientnet-b0', 1, 0)).toEqual([]);
  });
});

describe('options that training sets', () => {
  it('reach the layers', () => {
    const { network } = measure('efficientnet-micro', {
      classes: 7,
      input: { channels: 3 },
      dropoutRate: 0.3,
      normalizationMomentum: 0.95,
    });
    expect(network.input).toEqual({ spatial: [20, 20], channels: 3 });
    expect(network.layers.at(-1)?.operation).toEqual({ kind: 'dense', units: 7, bias: true });
    const operations = network.layers.map((layer) => layer.operation);
    expect(operations.filter((operation) => operation.kind === 'dropout')).toEqual([{ kind: 'dropout', rate: 0.3 }]);
    const momenta = operations.flatMap((operation) =>
      operation.kind === 'batch-normalization' ? [operation.momentum] : [],
    );
    expect(new Set(momenta)).toEqual(new Set([0.95]));
    expect(fingerprint(network)).not.toBe(fingerprint(measure('efficientnet-micro').network));
  });
});
