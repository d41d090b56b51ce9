import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findBaseline, networkUse, scaleBaseline, type ScalingOptions, summarizeNetwork } from '../../src/index.ts';
import { makeDivisible } from '../../src/use/library-rounding.ts';

const paper = { depth: 1.2, width: 1.1, resolution: 1.15 };

function useOf(name: string, scale = paper, options: ScalingOptions = {}) {
  return networkUse(scaleBaseline(findBaseline(name), scale, options));
}

describe('networkUse', () => {
  it('gives EfficientNet-B0 the arguments that each library has for its coefficients', () => {
    const { keras, timm, torchvision } = useOf('efficientnet-b0');
    expect(keras.arguments).toMatchObject({
      width_coefficient: 1.1,
      depth_coefficient: 1.2,
      default_size: 258,
      input_shape: [258, 258, 3],
      depth_divisor: 8,
      classes: 1000,
    });
    expect(timm.arguments).toMatchObject({
      channel_multiplier: 1.1,
      depth_multiplier: 1.2,
      input_size: [3, 258, 258],
      num_classes: 1000,
    });
    expect(torchvision.arguments).toMatchObject({
      width_mult: 1.1,
      depth_mult: 1.2,
      last_channel: 1408,
      num_classes: 1000,
    });
    expect([keras.reason, timm.reason, torchvision.reason]).toEqual([null, null, null]);
  });

  it('writes Python that calls the library with just these arguments', () => {
    expect(useOf('efficientnet-b0', paper, { classes: 10, input: { channels: 1 } }).keras.code).toBe(
      [
        'from keras.src.applications.efficientnet import EfficientNet',
        '',
        'model = EfficientNet(',
        '    width_coefficient=1.1,',
        '    depth_coefficient=1.2,',
        '    default_size=258,',
        '    input_shape=(258, 258, 1),',
        '    depth_divisor=8,',
        '    dropout_rate=0.2,',
        '    drop_connect_rate=0.2,',
        '    classes=10,',
        '    weights=None,',
        ')',
      ].join('\n'),
    );
  });

  it('describes stages that no library has in the notation of timm', () => {
    const { keras, timm } = useOf('efficientnet-micro');
    expect(timm.code).toContain(
      'arch_def=[["ds_r1_k3_s1_e1_c8_se0.25"], ["ir_r2_k3_s2_e4_c16_se0.25"], ["ir_r3_k3_s1_e4_c24_se0.25"]]',
    );
    expect(timm.arguments).toMatchObject({ channel_divisor: 4, stem_size: 12, input_size: [1, 24, 24] });
    expect(keras).toMatchObject({
      arguments: null,
      code: null,
      reason: 'Keras takes coefficients for the stages of EfficientNet-B0 and EfficientNetV2-B0 only.',
    });
  });

  it.each([
    ['resnet-50', 'timm', 'timm has no blocks of the kind residual-bottleneck.'],
    ['efficientnet-b0-cifar', 'timm', 'timm begins with a 3x3 convolution of stride 2.'],
    ['efficientnet-b0-3d', 'timm', 'timm builds networks for images, and this one is for video.'],
    ['efficientnet-micro', 'torchvision', 'torchvision takes images of 3 channels, and these have 1.'],
    ['efficientnet-lite0', 'torchvision', 'torchvision has SiLU in every EfficientNet, and this network has relu6.'],
    [
      'efficientnet-v2-b0',
      'torchvision',
      'torchvision scales no fused blocks: FusedMBConvConfig takes no multipliers.',
    ],
  ] as const)('gives nothing for %s in %s, and the reason', (baseline, library, reason) => {
    expect(useOf(baseline)[library]).toEqual({ arguments: null, code: null, reason, notes: [] });
  });

  it('gives nothing where a library rounds to another network: Keras rounds repeats up, pycls to the nearest', () => {
    const { keras } = useOf('efficientnet-b0', paper, { policy: 'pycls' });
    expect(keras.reason).toBe(
      'Keras rounds the blocks of the stages to 2, 3, 3, 4, 4, 5, 2, and this network has 1, 2, 2, 4, 4, 5, 1.',
    );
  });

  it('refuses Keras what it refuses itself: less than 32 pixels', () => {
    const small = useOf('efficientnet-b0', { depth: 1, width: 1, resolution: 0.1 });
    expect(small.keras.reason).toBe('Keras builds EfficientNets for images of at least 32 pixels.');
    expect(small.timm.reason).toBeNull();
  });

  it('moves a multiplier by less than a billionth where only the error of a product is in the way', () => {
    const [stage] = findBaseline('efficientnet-micro').stages;
    const micro = findBaseline('efficientnet-micro');
    const deep = { ...micro, stages: micro.stages.map((one) => (one === stage ? { ...one, repeats: 25 } : one)) };
    const architecture = scaleBaseline(deep, { depth: 2.2, width: 1, resolution: 1 });
    expect(architecture.repeats[0]).toBe(55);
    const depth = Number(networkUse(architecture).timm.arguments?.['depth_multiplier']);
    expect(Math.ceil(25 * 2.2)).toBe(56);
    expect(Math.ceil(25 * depth)).toBe(55);
    expect(depth).toBeCloseTo(2.2, 8);
  });

  it('names sizes that are those of the network itself, whatever the multipliers', () => {
    const multiplier = fc.double({ min: 0.5, max: 3, noNaN: true });
    fc.assert(
      fc.property(multiplier, multiplier, (depth, width) => {
        const architecture = scaleBaseline(findBaseline('efficientnet-b0'), { depth, width, resolution: 1 });
        const { keras } = networkUse(architecture);
        if (keras.arguments === null) return;
        // The rule of Keras' round_filters and round_repeats, written down once more.
        const coefficient = Number(keras.arguments['width_coefficient']);
        const filters = (channels: number): number => {
          const exact = channels * coefficient;
          const nearest = Math.max(8, Math.trunc(Math.trunc(exact + 4) / 8) * 8);
          return nearest < 0.9 * exact ? nearest + 8 : nearest;
        };
        expect(architecture.channels).toEqual([32, 16, 24, 40, 80, 112, 192, 320, 1280].map(filters));
        const blocks = [1, 2, 2, 3, 3, 4, 1].map((count) =>
          Math.ceil(count * Number(keras.arguments?.['depth_coefficient'])),
        );
        expect(architecture.repeats).toEqual(blocks);
      }),
    );
  });

  it('is for the same network as is costed: its published parameters are those of the libraries', () => {
    const b0 = scaleBaseline(findBaseline('efficientnet-b0'), { depth: 1, width: 1, resolution: 1 });
    // torchvision's meta data of EfficientNet_B0_Weights.IMAGENET1K_V1: num_params.
    expect(summarizeNetwork(b0).totals.parameters).toBe(5_288_548);
    expect(networkUse(b0).torchvision.reason).toBeNull();
  });
});

describe('makeDivisible', () => {
  it.each([
    [35.2, 32],
    [20, 24],
    [8.8, 8],
    [11, 16],
    [3, 8],
  ])('rounds %d channels to %d, as _make_divisible of torchvision', (exact, rounded) => {
    const rounding = {
      divisor: 8,
      smallestShare: 0.9,
      repeats: 'ceil',
      fixesFirstAndLastStage: false,
      fixesStem: false,
    } as const;
    expect(makeDivisible(exact, rounding)).toBe(rounded);
  });
});
