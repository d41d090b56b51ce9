import type { LibraryUse } from '@compound-search/contracts';

import { efficientnetB0 } from '../baselines/efficientnet-b0.ts';
import type { ScaledArchitecture } from '../build/architecture.ts';
import { blockWidths } from './block-widths.ts';
import { available, unavailable } from './library-answer.ts';
import { fitMultipliers, type LibraryRounding, makeDivisible } from './library-rounding.ts';
import { type MobileStage, readMobileStages, sameBody } from './mobile-stages.ts';
import { call, literal } from './python-code.ts';

/** `MBConvConfig`, in which the divisor is fixed. */
const rounding: LibraryRounding = {
  divisor: 8,
  smallestShare: 0.9,
  repeats: 'ceil',
  fixesFirstAndLastStage: false,
  fixesStem: false,
};

/** The first convolution of `EfficientNet`. */
const inputChannels = 3;

/** torchvision: `width_mult` and `depth_mult`. */
export function useWithTorchvision(architecture: ScaledArchitecture): LibraryUse {
  const { baseline, multipliers } = architecture;
  const stages = readMobileStages(baseline);
  if (typeof stages === 'string') return unavailable('torchvision', stages);
  const fault = faultOf(architecture, stages);
  if (fault !== undefined) return unavailable('torchvision', fault);
  const fit = fitMultipliers(baseline, multipliers, architecture, rounding);
  if (typeof fit === 'string') return unavailable('torchvision', fit);
  const values = {
    width_mult: fit.width,
    depth_mult: fit.depth,
    last_channel: architecture.head ?? 0,
    dropout: architecture.dropoutRate,
    stochastic_depth_prob: architecture.stochasticDepthRate,
    num_classes: architecture.classes,
    input_size: [inputChannels, ...architecture.resolution],
  };
  return available(values, codeLines(architecture, stages, values), [
    'torchvision pads maps equally on both sides, where the search pads as TensorFlow does: shapes are the same, weights are not interchangeable.',
  ]);
}

function faultOf(architecture: ScaledArchitecture, stages: readonly MobileStage[]): string | undefined {
  const { input, baseline } = architecture;
  if (input.channels !== inputChannels) {
    return `takes images of ${inputChannels} channels, and these have ${input.channels}`;
  }
  if (baseline.activation !== 'swish')
    return `has SiLU in every EfficientNet, and this network has ${baseline.activation}`;
  if (stages.some(({ kind }) => kind === 'fused'))
    return 'scales no fused blocks: FusedMBConvConfig takes no multipliers';
  if (stages.some(({ squeezeExcitation }) => squeezeExcitation !== 0.25)) {
    return 'squeezes to a quarter of the input channels in every MBConv block';
  }
  if (stages.some(({ addsInput }) => !addsInput)) return 'adds the input in every MBConv block that keeps its shape';
  if (stages.some(({ stride }) => stride > 2)) return 'strides by 1 or 2 in MBConv blocks';
  for (const { input: channels, expanded, stage } of blockWidths(architecture, stages)) {
    const there = makeDivisible(channels * stage.expansion, rounding);
    if (there !== expanded) return `rounds expanded channels to ${there}, and this network has ${expanded}`;
  }
  return undefined;
}

interface Values {
  readonly width_mult: number;
  readonly depth_mult: number;
  readonly last_channel: number;
  readonly dropout: number;
  readonly stochastic_depth_prob: number;
  readonly num_classes: number;
}

function codeLines(architecture: ScaledArchitecture, stages: readonly MobileStage[], values: Values): string[] {
  const { baseline, normalization } = architecture;
  const scale = `width_mult=${literal(values.width_mult)}, depth_mult=${literal(values.depth_mult)}`;
  const named = sameBody(baseline, efficientnetB0);
  const momentum = Number((1 - normalization.momentum).toPrecision(12));
  const model = call('EfficientNet', {
    inverted_residual_setting: { expression: 'setting' },
    dropout: values.dropout,
    stochastic_depth_prob: values.stochastic_depth_prob,
    num_classes: values.num_classes,
    norm_layer: {
      expression: `partial(BatchNorm2d, momentum=${literal(momentum)}, eps=${literal(normalization.epsilon)})`,
    },
    last_channel: values.last_channel,
  });
  const setting = named
    ? [`setting, _ = _efficientnet_conf("efficientnet_b0", ${scale})`]
    : [
        `config = partial(MBConvConfig, ${scale})`,
        'setting = [',
        ...stages.map(({ expansion, kernel, stride, channels, repeats }, index) => {
          const before = stages[index - 1]?.channels ?? baseline.stem.channels;
          return `    config(${[expansion, kernel, stride, before, channels, repeats].join(', ')}),`;
        }),
        ']',
      ];
  return [
    'from functools import partial',
    '',
    'from torch.nn import BatchNorm2d',
    `from torchvision.models.efficientnet import EfficientNet, ${named ? '_efficientnet_conf' : 'MBConvConfig'}`,
    '',
    ...setting,
    `model = ${model}`,
  ];
}
