import { findBaseline, type NetworkDescription } from '../src/index.ts';

const resnet50 = findBaseline('resnet-50');
const resnet20 = findBaseline('resnet-20');
const mobilenetV2 = findBaseline('mobilenet-v2');
const efficientnetB0 = findBaseline('efficientnet-b0');
const efficientnetV2 = findBaseline('efficientnet-v2-b0');

type Stage = NetworkDescription['stages'][number];
type Counts = readonly [number, number, number, number];

/** torchvision's ResNet-18 and ResNet-34. */
export function basicResnet(counts: Counts): NetworkDescription {
  const stages = counts.map((repeats, index): Stage => {
    const stride = index === 0 ? 1 : 2;
    return { block: 'residual-basic', repeats, channels: 64 * 2 ** index, kernel: 3, stride, shortcut: 'projection' };
  });
  return { ...resnet50, name: 'resnet-basic', stages };
}

/** torchvision's deeper ResNets; a reduction of 2 doubles the inner width alone (wide_resnet50_2). */
export function bottleneckResnet(counts: Counts, reduction = 4): NetworkDescription {
  const stages = resnet50.stages.map((stage, index): Stage =>
    stage.block === 'residual-bottleneck' ? { ...stage, reduction, repeats: counts[index] ?? 0 } : stage,
  );
  return { ...resnet50, name: 'resnet-bottleneck', stages };
}

/** Stem of the CIFAR variants of kuangliu/pytorch-cifar: 3x3, stride 1, no pooling. */
export function forCifar(description: NetworkDescription): NetworkDescription {
  const { channels } = description.stem;
  return {
    ...description,
    input: { spatial: [32, 32], channels: 3 },
    classes: 10,
    stem: { channels, kernel: 3, stride: 1 },
  };
}

/** CIFAR ResNets of 6 n + 2 layers. */
export function cifarResnet(layers: number, shortcut: 'padded' | 'projection'): NetworkDescription {
  const stages = resnet20.stages.map((stage): Stage =>
    stage.block === 'residual-basic' ? { ...stage, shortcut, repeats: (layers - 2) / 6 } : stage,
  );
  return { ...resnet20, name: `resnet-${layers}`, stages };
}

/**
 * MobileNetV2 of kuangliu/pytorch-cifar: stride 1 in stem and stage 2, projections where channels change, and a 1x1
 * convolution in the first block although its expansion is 1.
 */
export function kuangliuMobilenetV2(): NetworkDescription {
  const stages = mobilenetV2.stages.map((stage, index): Stage =>
    stage.block === 'inverted-residual'
      ? { ...stage, keepsExpansion: true, shortcut: 'where-unstrided', stride: index === 1 ? 1 : stage.stride }
      : stage,
  );
  return { ...forCifar(mobilenetV2), name: 'kuangliu-mobilenet-v2', stages };
}

/**
 * mobilenetv2 of weiaicunzai/pytorch-cifar100: a 1x1 stem whose padding makes 34x34 of 32x32, biases on all
 * convolutions, a 1x1 convolution in the first block although its expansion is 1, and one stride fewer.
 */
export function weiaicunzaiMobilenetV2(): NetworkDescription {
  const stages = mobilenetV2.stages.map((stage, index): Stage =>
    stage.block === 'inverted-residual'
      ? { ...stage, keepsExpansion: true, stride: index === 5 ? 1 : stage.stride }
      : stage,
  );
  return {
    ...forCifar(mobilenetV2),
    name: 'weiaicunzai-mobilenet-v2',
    classes: 100,
    convolutionBias: true,
    stem: { channels: 32, kernel: 1, stride: 1, padding: 1 },
    stages,
  };
}

/** EfficientNetB0 of kuangliu/pytorch-cifar, without the layers it creates and never runs: no head, stem stride 1. */
export function kuangliuEfficientnetB0(): NetworkDescription {
  return { ...forCifar(efficientnetB0), name: 'kuangliu-efficientnet-b0', head: undefined };
}

/** mobilenet of weiaicunzai/pytorch-cifar100: biases on the pointwise convolutions. */
export function weiaicunzaiMobilenet(): NetworkDescription {
  const mobilenet = findBaseline('mobilenet-v1-cifar');
  const stages = mobilenet.stages.map((stage): Stage =>
    stage.block === 'depthwise-separable' ? { ...stage, pointwiseBias: true } : stage,
  );
  return { ...mobilenet, name: 'weiaicunzai-mobilenet', classes: 100, stages };
}

/** ResNet50 of Keras: v1 with biases on all convolutions. */
export function kerasResnet50(): NetworkDescription {
  return { ...findBaseline('resnet-50-v1'), name: 'keras-resnet-50', convolutionBias: true };
}

/** [fused, repeats, stride, expansion, channels] of google/automl, effnetv2_configs.py. */
type V2Row = readonly [fused: boolean, repeats: number, stride: number, expansion: number, channels: number];

/** EfficientNetV2-S, -M, -L and -XL. */
export const efficientnetV2Stages: Readonly<Record<'s' | 'm' | 'l' | 'xl', readonly V2Row[]>> = {
  s: [
    [true, 2, 1, 1, 24],
    [true, 4, 2, 4, 48],
    [true, 4, 2, 4, 64],
    [false, 6, 2, 4, 128],
    [false, 9, 1, 6, 160],
    [false, 15, 2, 6, 256],
  ],
  m: [
    [true, 3, 1, 1, 24],
    [true, 5, 2, 4, 48],
    [true, 5, 2, 4, 80],
    [false, 7, 2, 4, 160],
    [false, 14, 1, 6, 176],
    [false, 18, 2, 6, 304],
    [false, 5, 1, 6, 512],
  ],
  l: [
    [true, 4, 1, 1, 32],
    [true, 7, 2, 4, 64],
    [true, 7, 2, 4, 96],
    [false, 10, 2, 4, 192],
    [false, 19, 1, 6, 224],
    [false, 25, 2, 6, 384],
    [false, 7, 1, 6, 640],
  ],
  xl: [
    [true, 4, 1, 1, 32],
    [true, 8, 2, 4, 64],
    [true, 8, 2, 4, 96],
    [false, 16, 2, 4, 192],
    [false, 24, 1, 6, 256],
    [false, 32, 2, 6, 512],
    [false, 8, 1, 6, 640],
  ],
};

/** A network of EfficientNetV2 stages, with the stem as wide as its first stage. */
export function efficientnetV2Of(rows: readonly V2Row[]): NetworkDescription {
  const stages = rows.map(([fused, repeats, stride, expansion, channels]): Stage => {
    const common = { repeats, channels, kernel: 3, stride, expansion };
    return fused
      ? { block: 'fused-inverted-residual', ...common }
      : { block: 'inverted-residual', ...common, squeezeExcitation: 0.25 };
  });
  const channels = rows[0]?.[4] ?? 24;
  return { ...efficientnetV2, name: 'efficientnet-v2', stem: { channels, kernel: 3, stride: 2 }, stages };
}

/** efficientnet-b0-3d with the first block strided, as shijianjian/EfficientNet-PyTorch-3D has it. */
export function earlyStride3d(): NetworkDescription {
  const description = findBaseline('efficientnet-b0-3d');
  const stages = description.stages.map((stage, index): Stage => (index === 0 ? { ...stage, stride: 2 } : stage));
  return { ...description, name: 'efficientnet-b0-3d-early-stride', stages };
}
