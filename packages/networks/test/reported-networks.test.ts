import { findPublishedNetwork } from '@compound-search/scaling';
import { describe, expect, it } from 'vitest';

import { findBaseline } from '../src/index.ts';
import {
  basicResnet,
  bottleneckResnet,
  cifarResnet,
  earlyStride3d,
  efficientnetV2Of,
  efficientnetV2Stages,
  forCifar,
  kuangliuEfficientnetB0,
  kuangliuMobilenetV2,
  weiaicunzaiMobilenet,
  weiaicunzaiMobilenetV2,
} from './known-networks.ts';
import { measure, normalizedValues } from './measure.ts';

function published(name: string) {
  const { baseline, policy, depth, width, resolution } = findPublishedNetwork(name);
  return measure(baseline, { policy, depth, width, resolution });
}

describe('EfficientNet variants', () => {
  it.each([
    ['b0', 0.3993],
    ['b1', 0.7085],
    ['b2', 1.0212],
    ['b3', 1.8748],
    ['b4', 4.4927],
    ['b5', 10.464],
    ['b7', 38.3256],
  ])('%s is %d G to thop, which counts two operations a normalized value (OpCounter issue 69)', (name, billions) => {
    const { cost, network } = published(name);
    expect((cost.macs + 2 * normalizedValues(network)) / 1e9).toBeCloseTo(billions, 4);
  });

  it('B6 is 19.068 G with biases to torchvision', () => {
    expect(published('b6').cost.macsWithBias / 1e9).toBeCloseTo(19.068, 3);
  });

  it.each([
    [100, 4_135_648],
    [10, 4_020_358],
    [1000, 5_288_548],
  ])('B0 for %d classes has %d parameters (automl tests)', (classes, parameters) => {
    expect(measure('efficientnet-b0', { classes }).cost.parameters).toBe(parameters);
  });

  it('B0 has 4,007,548 parameters before its classifier and 3,595,388 before its head (automl tests)', () => {
    const { cost } = measure('efficientnet-b0');
    const sum = (prefix: string) =>
      cost.perLayer.filter(({ name }) => name.startsWith(prefix)).reduce((total, layer) => total + layer.parameters, 0);
    expect(cost.parameters - sum('head/classifier')).toBe(4_007_548);
    expect(cost.parameters - sum('head/')).toBe(3_595_388);
  });

  it('B3 without the 90 % rule has 12,314,268 values in all and 1,756,850,272 MACs (automl effnetv2_model_test.py)', () => {
    const { cost } = measure('efficientnet-b0', { policy: 'efficientnet-v2', depth: 1.4, width: 1.2, resolution: 300 });
    expect(cost.parametersWithStatistics).toBe(12_314_268);
    expect(cost.macs).toBe(1_756_850_272);
  });

  it.each(['b0', 'b1', 'b2', 'b4', 'b5', 'b6', 'b7'])('%s is the same with and without the 90 % rule', (name) => {
    const { depth, width, resolution } = findPublishedNetwork(name);
    const { cost } = measure('efficientnet-b0', { policy: 'efficientnet-v2', depth, width, resolution });
    expect(cost).toEqual(published(name).cost);
  });

  it.each(['b0', 'b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7'])('%s is the same in torchvision', (name) => {
    const { depth, width, resolution } = findPublishedNetwork(name);
    const { cost } = measure('efficientnet-b0', { policy: 'torchvision', depth, width, resolution });
    expect(cost).toEqual(published(name).cost);
  });

  it('Lite0 has 4,652,008 parameters and 385,187,552 MACs (timm)', () => {
    const { cost } = published('lite0');
    expect([cost.parameters, cost.macs]).toEqual([4_652_008, 385_187_552]);
  });

  it.each([
    ['a', 339, 6.2],
    ['b', 202, 3.7],
    ['c', 100, 2.5],
    ['d', 52, 2.3],
    ['e', 24, 2.0],
  ])('TinyNet-%s has about %d M MACs and %d M parameters (arXiv 2010.14819)', (letter, macs, parameters) => {
    const { cost } = published(`tinynet-${letter}`);
    expect(Math.abs(cost.macs / 1e6 / macs - 1)).toBeLessThan(0.02);
    expect(cost.parameters / 1e6).toBeCloseTo(parameters, 1);
  });

  it.each([
    ['v2-b0', 7_200_312],
    ['v2-b1', 8_212_124],
    ['v2-b2', 10_178_374],
    ['v2-b3', 14_467_622],
  ])('%s has %d values in all (automl effnetv2_model_test.py)', (name, values) => {
    expect(published(name).cost.parametersWithStatistics).toBe(values);
  });

  it.each([
    ['s', 21_612_360],
    ['m', 54_431_388],
    ['l', 119_027_848],
    ['xl', 208_896_832],
  ] as const)('EfficientNetV2-%s has %d values in all (automl effnetv2_model_test.py)', (size, values) => {
    expect(measure(efficientnetV2Of(efficientnetV2Stages[size])).cost.parametersWithStatistics).toBe(values);
  });
});

describe('ResNets of torchvision', () => {
  it.each([
    ['ResNet-18', basicResnet([2, 2, 2, 2]), 11_689_512, 1.814],
    ['ResNet-34', basicResnet([3, 4, 6, 3]), 21_797_672, 3.664],
    ['ResNet-101', bottleneckResnet([3, 4, 23, 3]), 44_549_160, 7.801],
    ['ResNet-152', bottleneckResnet([3, 8, 36, 3]), 60_192_808, 11.514],
    ['wide ResNet-50-2', bottleneckResnet([3, 4, 6, 3], 2), 68_883_240, 11.398],
  ])('%s', (_name, description, parameters, billions) => {
    const { cost } = measure(description);
    expect(cost.parameters).toBe(parameters);
    expect(cost.macsWithBias / 1e9).toBeCloseTo(billions, 3);
  });

  it('ResNet-18 has 2,484,712 activations without its pooling: a third of B0 at 4.7 times the MACs', () => {
    const { cost } = measure(basicResnet([2, 2, 2, 2]));
    expect(cost.activations - 64 * 56 * 56).toBe(2_484_712);
    expect(cost.macs / measure('efficientnet-b0').cost.macs).toBeCloseTo(4.7, 1);
  });
});

describe('networks for 32-pixel images', () => {
  it.each([
    [20, 269_722, 40_551_040],
    [32, 464_154, 68_862_592],
    [44, 658_586, 97_174_144],
    [56, 853_018, 125_485_696],
    [110, 1_727_962, 252_887_680],
  ])('ResNet-%d with parameter-free shortcuts (akamaster/pytorch_resnet_cifar10)', (layers, parameters, macs) => {
    const { cost } = measure(cifarResnet(layers, 'padded'));
    expect([cost.parameters, cost.macs]).toEqual([parameters, macs]);
  });

  it('has the first of these as resnet-20, with 188,426 activations; the last has 1,048,586', () => {
    expect(measure('resnet-20').cost).toEqual(measure(cifarResnet(20, 'padded')).cost);
    expect(measure('resnet-20').cost.activations).toBe(188_426);
    expect(measure(cifarResnet(110, 'padded')).cost.activations).toBe(1_048_586);
  });

  it.each([
    [56, 855_770, 125_747_850, 544_778],
    [110, 1_730_714, 253_149_834, 1_060_874],
  ])('ResNet-%d with projections (pycls)', (layers, parameters, macs, activations) => {
    const { cost } = measure(cifarResnet(layers, 'projection'));
    expect([cost.parameters, cost.macsWithBias, cost.activations]).toEqual([parameters, macs, activations]);
  });

  it.each([
    ['ResNet-18', forCifar(basicResnet([2, 2, 2, 2])), 11_173_962, 555_422_720],
    ['ResNet-34', forCifar(basicResnet([3, 4, 6, 3])), 21_282_122, 1_159_402_496],
    ['ResNet-50', findBaseline('resnet-50-cifar'), 23_520_842, 1_297_829_888],
    ['MobileNet', findBaseline('mobilenet-v1-cifar'), 3_217_226, 46_354_432],
    ['MobileNetV2', kuangliuMobilenetV2(), 2_296_922, 91_154_944],
    ['EfficientNetB0', kuangliuEfficientnetB0(), 3_599_686 - 1_088, 30_331_392],
  ])('%s of kuangliu/pytorch-cifar', (_name, description, parameters, macs) => {
    const { cost } = measure(description);
    expect([cost.parameters, cost.macs]).toEqual([parameters, macs]);
  });

  it('has the activations of two of these: 411,658 and 554,246', () => {
    expect(measure('mobilenet-v1-cifar').cost.activations).toBe(411_658);
    expect(measure(kuangliuEfficientnetB0()).cost.activations).toBe(554_246);
  });

  it('MobileNet of weiaicunzai/pytorch-cifar100, with biases on pointwise convolutions', () => {
    const { cost } = measure(weiaicunzaiMobilenet());
    expect([cost.parameters, cost.macs]).toEqual([3_315_428, 46_446_592]);
  });

  it('mobilenetv2 of weiaicunzai/pytorch-cifar100, whose padded 1x1 stem makes a map of 34x34', () => {
    const { cost, network } = measure(weiaicunzaiMobilenetV2());
    expect([cost.parameters, cost.macs]).toEqual([2_369_380, 64_947_264]);
    expect(network.layers[0]?.outputShape.spatial).toEqual([34, 34]);
    expect(cost.finalMap).toEqual([5, 5]);
  });

  it('efficientnet-b0-cifar ends in 4x4 with 116,167,168 MACs and 1,668,742 activations', () => {
    const { cost } = measure('efficientnet-b0-cifar');
    expect([cost.parameters, cost.macs, cost.activations]).toEqual([4_020_358, 116_167_168, 1_668_742]);
    expect(cost.finalMap).toEqual([4, 4]);
    expect(cost.warnings).toEqual([]);
  });

  it('mobilenet-v2-cifar has the 2,236,682 parameters of MobileNetV2 for 10 classes', () => {
    expect(measure('mobilenet-v2-cifar').cost.parameters).toBe(2_236_682);
  });
});

describe('video', () => {
  it('48x48x48 ends in 2x2x2 with 177,288,720 MACs (MONAI issue 5695)', () => {
    const { cost } = measure('efficientnet-b0-3d', { resolution: [48, 48, 48] });
    expect(cost.macs).toBe(177_288_720);
    expect(cost.finalMap).toEqual([2, 2, 2]);
  });

  it.each([
    [[16, 112, 112], 114_057_856],
    [[48, 48, 48], 59_352_992],
  ])('a strided first block at %j (shijianjian/EfficientNet-PyTorch-3D)', (resolution, macs) => {
    expect(measure(earlyStride3d(), { resolution }).cost.macs).toBe(macs);
  });

  it('at 200x200x200 of one channel and for two classes has 4.39 times the activations of the strided first block', () => {
    const options = { resolution: [200, 200, 200], input: { channels: 1 }, classes: 2 };
    expect(measure('efficientnet-b0-3d', options).cost.activations).toBe(282_465_182);
    expect(measure(earlyStride3d(), options).cost.activations).toBe(64_287_902);
  });

  it('of one frame with temporal kernels of 1 is the two-dimensional network', () => {
    const flat = findBaseline('efficientnet-b0');
    const description = {
      ...flat,
      input: { spatial: [1, 224, 224], channels: 3 },
      stem: { ...flat.stem, kernel: [1, 3, 3], stride: [1, 2, 2] },
      stages: flat.stages.map((stage) => ({
        ...stage,
        kernel: [1, Number(stage.kernel), Number(stage.kernel)],
        stride: [1, Number(stage.stride), Number(stage.stride)],
      })),
    };
    const { cost } = measure(description);
    expect([cost.parameters, cost.macs]).toEqual([5_288_548, 385_814_752]);
  });

  it('takes frames that differ from height, and clips shorter than the temporal stride', () => {
    expect(measure('efficientnet-b0-3d', { resolution: [8, 112, 112] }).cost.finalMap).toEqual([1, 4, 4]);
    expect(measure('efficientnet-b0-3d', { resolution: [3, 90, 70] }).cost.finalMap).toEqual([1, 3, 3]);
  });
});
