import { formulaCost, strategies, strategyMultipliers, type StrategyName } from '@compound-search/scaling';
import { describe, expect, it } from 'vitest';

import { measure, type Scaled } from './measure.ts';

const base = measure('efficientnet-b0').cost;
function macs(scaled: Scaled) {
  return measure('efficientnet-b0', scaled).cost.macs;
}

describe('the formula and the cost at phi = 1', () => {
  it.each([
    [1.2, 1.1, 1.15, 1.92, 1, 2.573],
    [1.2, 1.1, 1.15, 1.92, 8, 2.229],
    [1.25, 1.1, 1.15, 2.0, 1, 2.573],
    [2, 1, 1, 2.0, 1, 2.028],
    [1, 1.4, 1, 1.96, 1, 1.928],
    [1, 1, 1.4, 1.96, 1, 2.022],
    [1, 1, 1.4, 1.96, 8, 2.004],
    [1, 1, 1.4, 1.96, 32, 2.036],
    [1.15, 1.15, 1.15, 2.011, 1, 3.16],
    [1.05, 1.15, 1.2, 2.0, 1, 3.246],
    [1, 1.2, 1.2, 2.074, 1, 2.316],
  ])('differ: (%d, %d, %d) is %d by formula, and at a resolution step of %d costs %d', (...row) => {
    const [alpha, beta, gamma, formula, resolutionStep, ratio] = row;
    expect(formulaCost({ alpha, beta, gamma })).toBeCloseTo(formula, 2);
    const cost = macs({ depth: alpha, width: beta, ratio: gamma, rounding: { resolutionStep } });
    expect(cost / base.macs).toBeCloseTo(ratio, 3);
  });

  it('give (1.2, 1.1, 1.15) and (1.25, 1.1, 1.15) one network', () => {
    const networks = [1.2, 1.25].map((depth) => measure('efficientnet-b0', { depth, width: 1.1, ratio: 1.15 }));
    expect(networks[0]?.network).toEqual(networks[1]?.network);
  });

  it.each([
    [224, 385_814_752],
    [225, 449_497_408],
    [240, 462_528_080],
    [241, 489_415_792],
    [256, 503_337_472],
    [257, 575_642_080],
    [288, 636_529_888],
    [289, 717_456_448],
    [223, 385_814_752],
  ])('jump where a side passes a multiple of 32: %d pixels cost %d MACs', (resolution, cost) => {
    expect(macs({ resolution })).toBe(cost);
  });
});

describe('figure 3 of the paper, in billions of MACs', () => {
  const billions = (scaled: Scaled) => Number((macs(scaled) / 1e9).toFixed(3));

  it('width 1 to 5', () => {
    const points = [1, 1.4, 1.8, 2.6, 3.8, 5].map((width) => billions({ width }));
    expect(points).toEqual([0.386, 0.744, 1.176, 2.391, 5.06, 8.712]);
  });

  it('depth 1 to 8', () => {
    const points = [1, 2, 3, 4, 6, 8].map((depth) => billions({ depth }));
    expect(points).toEqual([0.386, 0.782, 1.179, 1.575, 2.368, 3.161]);
  });

  it('resolution 1 to 2.5', () => {
    const points = [1, 1.3, 1.5, 1.7, 1.9, 2.2, 2.5].map((ratio) => billions({ ratio }));
    expect(points).toEqual([0.386, 0.718, 0.893, 1.129, 1.458, 1.923, 2.447]);
  });
});

describe('table 2 of the paper', () => {
  it.each([
    ['B0', 1, 1, 224, 0.39, 5.3],
    ['B1', 1.1, 1, 240, 0.7, 7.8],
    ['B2', 1.2, 1.1, 260, 1.0, 9.2],
    ['B3', 1.4, 1.2, 300, 1.8, 12],
    ['B4', 1.8, 1.4, 380, 4.2, 19],
    ['B5', 2.2, 1.6, 456, 9.9, 30],
    ['B6', 2.6, 1.8, 528, 19, 43],
    ['B7', 3.1, 2, 600, 37, 66],
  ] as const)('prints %s within 6 %', (...row) => {
    const [, depth, width, resolution, billions, millions] = row;
    const { cost } = measure('efficientnet-b0', { depth, width, resolution });
    expect(Math.abs(cost.macs / 1e9 / billions - 1)).toBeLessThan(0.06);
    expect(Math.abs(cost.parameters / 1e6 / millions - 1)).toBeLessThan(0.06);
  });
});

describe('how fast cost grows when one multiplier doubles', () => {
  it.each([
    ['efficientnet-b0', 1.02, 1.91, 1.995],
    ['mobilenet-v1', 1.149, 1.962, 1.998],
    ['mobilenet-v2', 1.013, 1.919, 1.995],
    ['resnet-50', 0.891, 1.979, 1.999],
  ])('%s: depth %d, width %d, resolution %d (the formula has 1, 2, 2)', (...row) => {
    const [name, ...expected] = row;
    const single = measure(name).cost.macs;
    const doubled = [{ depth: 2 }, { width: 2 }, { ratio: 2 }].map((scaled) => measure(name, scaled).cost.macs);
    expect(doubled.map((value) => Number(Math.log2(value / single).toFixed(3)))).toEqual(expected);
  });

  it('activations of B0: depth 0.842, width 1.000, resolution 1.998', () => {
    const doubled = [{ depth: 2 }, { width: 2 }, { ratio: 2 }].map(
      (scaled) => measure('efficientnet-b0', scaled).cost.activations,
    );
    const growth = doubled.map((value) => Number(Math.log2(value / base.activations).toFixed(3)));
    expect(growth).toEqual([0.842, 1, 1.998]);
  });
});

describe('table 3 of the paper at 288 pixels', () => {
  it.each([
    ['mobilenet-v1', 2_242_960_136],
    ['mobilenet-v2', 1_284_428_256],
  ])('%s scaled by (1.4, 1.2, 1.3) costs %d', (name, cost) => {
    expect(measure(name, { depth: 1.4, width: 1.2, resolution: 288 }).cost.macs).toBe(cost);
  });
});

describe("strategies of pycls from EfficientNet-B0, with pycls' rounding", () => {
  const scaled = (strategy: StrategyName, factor: number) => {
    const { depth, width, resolution } = strategyMultipliers(strategies[strategy], factor);
    return measure('efficientnet-b0', { depth, width, ratio: resolution, policy: 'pycls' });
  };

  it.each([
    ['uniform', 1, 385_825_092, 6_748_036],
    ['depth-only', 2, 782_275_608, 12_093_592],
    ['width-only', 2, 745_541_698, 9_620_954],
    ['resolution-only', 2, 781_008_852, 13_557_220],
    ['uniform', 2, 791_827_760, 11_918_184],
    ['fast', 2, 781_829_814, 10_191_038],
    ['depth-only', 4, 1_575_176_640, 22_784_704],
    ['width-only', 4, 1_449_978_528, 13_495_072],
    ['resolution-only', 4, 1_537_547_748, 26_961_124],
    ['uniform', 4, 1_696_567_884, 21_548_476],
    ['fast', 4, 1_381_124_070, 13_328_046],
  ] as const)('%s at %d times the cost: %d MACs with biases, %d activations', (strategy, factor, cost, activations) => {
    const result = scaled(strategy, factor).cost;
    expect([result.macsWithBias, result.activations]).toEqual([cost, activations]);
  });

  it('uniform at 2 is 252 pixels with 7,676,480 parameters, fast 232 pixels with 8,602,822', () => {
    const uniform = scaled('uniform', 2);
    expect(uniform.architecture.resolution).toEqual([252, 252]);
    expect(uniform.architecture.repeats).toEqual([1, 3, 3, 4, 4, 5, 1]);
    expect(uniform.architecture.channels).toEqual([32, 16, 24, 48, 88, 128, 216, 360, 1440]);
    expect(uniform.cost.parameters).toBe(7_676_480);
    const fast = scaled('fast', 2);
    expect(fast.architecture.resolution).toEqual([232, 232]);
    expect(fast.architecture.repeats).toEqual([1, 2, 2, 3, 3, 4, 1]);
    expect(fast.architecture.channels).toEqual([40, 24, 32, 56, 104, 144, 256, 424, 1688]);
    expect(fast.cost.parameters).toBe(8_602_822);
    expect(scaled('fast', 4).architecture.channels).toEqual([56, 24, 40, 72, 136, 192, 336, 560, 2232]);
  });
});

describe('width below 1', () => {
  it('leaves the head of MobileNetV2 at 1280: 1,968,680 parameters at 0.5, not 1,225,000 (mobilenext issue 2)', () => {
    expect(measure('mobilenet-v2', { width: 0.5 }).cost.parameters).toBe(1_968_680);
    expect(measure('mobilenet-v2', { width: 0.35 }).cost.parameters).toBe(1_677_128);
  });
});
