import type { LibraryUse } from '@compound-search/contracts';

import { efficientnetB0 } from '../baselines/efficientnet-b0.ts';
import { efficientnetLite0 } from '../baselines/efficientnet-lite0.ts';
import { efficientnetV2B0 } from '../baselines/efficientnet-v2-b0.ts';
import type { ScaledArchitecture } from '../build/architecture.ts';
import type { NetworkDescription } from '../description/description.ts';
import type { ActivationFunction } from '../layers/layer.ts';
import { blockWidths } from './block-widths.ts';
import { available, unavailable } from './library-answer.ts';
import { fitMultipliers, type LibraryRounding, makeDivisible, pythonRound } from './library-rounding.ts';
import { type MobileStage, readMobileStages, sameBody } from './mobile-stages.ts';
import { call, literal } from './python-code.ts';

const multiplesOf8: LibraryRounding = {
  divisor: 8,
  smallestShare: 0.9,
  repeats: 'ceil',
  fixesFirstAndLastStage: false,
  fixesStem: false,
};

/** A function of timm.models.efficientnet that scales the stages of one baseline by its own rules. */
interface Builder {
  readonly function: string;
  readonly variant: string;
  readonly baseline: NetworkDescription;
  readonly rounding: LibraryRounding;
}

const builders: readonly Builder[] = [
  {
    function: '_gen_efficientnet',
    variant: 'efficientnet_b0',
    baseline: efficientnetB0,
    rounding: multiplesOf8,
  },
  {
    function: '_gen_efficientnetv2_base',
    variant: 'tf_efficientnetv2_b0',
    baseline: efficientnetV2B0,
    rounding: { ...multiplesOf8, smallestShare: 0 },
  },
  {
    function: '_gen_efficientnet_lite',
    variant: 'efficientnet_lite0',
    baseline: efficientnetLite0,
    rounding: { ...multiplesOf8, fixesFirstAndLastStage: true, fixesStem: true },
  },
];

const activations: Partial<Record<ActivationFunction, string>> = {
  swish: 'swish',
  relu: 'relu',
  relu6: 'relu6',
  'hard-swish': 'hard_swish',
};

/** `EfficientNetBuilder` turns strides beyond this into dilation. */
const largestStride = 32;

/** timm: `channel_multiplier`, `depth_multiplier` and `input_size`. */
export function useWithTimm(architecture: ScaledArchitecture): LibraryUse {
  const stages = readMobileStages(architecture.baseline);
  if (typeof stages === 'string') return unavailable('timm', stages);
  const fault = faultOf(architecture, stages);
  if (fault !== undefined) return unavailable('timm', fault);
  return withBuilder(architecture) ?? withStages(architecture, stages);
}

function faultOf(architecture: ScaledArchitecture, stages: readonly MobileStage[]): string | undefined {
  const { activation } = architecture.baseline;
  if (activations[activation] === undefined) return `has no EfficientNet with the activation ${activation}`;
  const stride = stages.reduce((product, stage) => product * stage.stride, 2);
  if (stride > largestStride)
    return `dilates what strides more than ${largestStride} times, and this network strides ${stride} times`;
  for (const { stage, input, expanded, squeezed } of blockWidths(architecture, stages)) {
    const there = stage.expansion === 1 ? input : makeDivisible(input * stage.expansion, multiplesOf8);
    if (there !== expanded) return `rounds expanded channels to ${there}, and this network has ${expanded}`;
    const squeezedThere = pythonRound(there * (stage.squeezeExcitation / stage.expansion));
    if (squeezedThere !== squeezed) return `squeezes to ${squeezedThere} channels, and this network to ${squeezed}`;
  }
  return undefined;
}

function withBuilder(architecture: ScaledArchitecture): LibraryUse | undefined {
  const { baseline, multipliers, normalization, input, resolution } = architecture;
  const builder = builders.find((one) => sameBody(one.baseline, baseline));
  if (builder === undefined) return undefined;
  const fit = fitMultipliers(baseline, multipliers, architecture, builder.rounding);
  if (typeof fit === 'string') return undefined;
  const channels = baseline.head?.channels ?? 0;
  const head = builder.rounding.fixesStem ? channels : makeDivisible(channels * fit.width, builder.rounding);
  if (head !== architecture.head) return undefined;
  const keywords = {
    channel_multiplier: fit.width,
    depth_multiplier: fit.depth,
    ...taskArguments(architecture),
    pad_type: 'same',
    bn_momentum: pytorchMomentum(normalization.momentum),
    bn_eps: normalization.epsilon,
  };
  const inputSize = [input.channels, ...resolution];
  const code = call(builder.function, {
    variant: builder.variant,
    ...keywords,
    pretrained_cfg_overlay: { expression: `{"input_size": ${literal(inputSize)}}` },
  });
  const lines = [`from timm.models.efficientnet import ${builder.function}`, '', `model = ${code}`];
  return available({ ...keywords, input_size: inputSize }, lines, []);
}

function taskArguments({ classes, input, dropoutRate, stochasticDepthRate }: ScaledArchitecture) {
  return {
    num_classes: classes,
    in_chans: input.channels,
    drop_rate: dropoutRate,
    drop_path_rate: stochasticDepthRate,
  };
}

/** PyTorch keeps 1 - momentum, without the error of the difference. */
function pytorchMomentum(momentum: number): number {
  return Number((1 - momentum).toPrecision(12));
}

/** By `EfficientNet` itself, which takes any stages in timm's notation. */
function withStages(architecture: ScaledArchitecture, stages: readonly MobileStage[]): LibraryUse {
  const { baseline, policy, multipliers, input, resolution } = architecture;
  const rounding: LibraryRounding = {
    divisor: policy.channels.divisor,
    smallestShare: policy.channels.smallestShare ?? 0,
    repeats: policy.repeats,
    fixesFirstAndLastStage: policy.fixedFirstAndLastStage,
    fixesStem: policy.stem === 'fixed',
  };
  const fit = fitMultipliers(baseline, multipliers, architecture, rounding);
  if (typeof fit === 'string') return unavailable('timm', fit);
  const values = {
    channel_multiplier: fit.width,
    depth_multiplier: fit.depth,
    channel_divisor: rounding.divisor,
    stem_size: baseline.stem.channels,
    num_features: architecture.head ?? 0,
    ...taskArguments(architecture),
    input_size: [input.channels, ...resolution],
  };
  const lines = [
    'from functools import partial',
    '',
    'from timm.layers import get_act_layer',
    'from timm.models._efficientnet_builder import decode_arch_def, round_channels',
    'from timm.models.efficientnet import EfficientNet',
    'from torch.nn import BatchNorm2d',
    '',
    `blocks = ${stagesCall(stages, fit.depth, rounding)}`,
    `model = ${networkCall(architecture, fit.width, rounding)}`,
  ];
  return available(values, lines, []);
}

function stagesCall(stages: readonly MobileStage[], depth: number, rounding: LibraryRounding): string {
  return call('decode_arch_def', {
    arch_def: { expression: `[${stages.map((stage) => `[${literal(notation(stage))}]`).join(', ')}]` },
    depth_multiplier: depth,
    depth_trunc: rounding.repeats,
    fix_first_last: rounding.fixesFirstAndLastStage,
  });
}

function networkCall(architecture: ScaledArchitecture, width: number, rounding: LibraryRounding): string {
  const { baseline, normalization, head } = architecture;
  const { divisor, smallestShare, fixesStem } = rounding;
  const momentum = pytorchMomentum(normalization.momentum);
  return call('EfficientNet', {
    block_args: { expression: 'blocks' },
    round_chs_fn: {
      expression: `partial(round_channels, multiplier=${width}, divisor=${divisor}, round_limit=${smallestShare})`,
    },
    stem_size: baseline.stem.channels,
    fix_stem: fixesStem,
    num_features: head ?? 0,
    pad_type: 'same',
    act_layer: { expression: `get_act_layer(${literal(activations[baseline.activation] ?? null)})` },
    norm_layer: { expression: `partial(BatchNorm2d, momentum=${momentum}, eps=${normalization.epsilon})` },
    ...taskArguments(architecture),
  });
}

/** A stage as timm writes it: `ir_r2_k3_s2_e6_c24_se0.25`. */
function notation({ kind, repeats, kernel, stride, expansion, channels, ...stage }: MobileStage): string {
  const size = [`r${repeats}`, `k${kernel}`, `s${stride}`];
  if (kind === 'fused' && expansion === 1) {
    // A plain convolution adds its input only where it is told to, the other blocks unless they are told not to.
    return ['cn', ...size, `c${channels}`, ...(stage.addsInput ? ['skip'] : [])].join('_');
  }
  const expanded = kind === 'fused' ? 'er' : 'ir';
  const squeeze = stage.squeezeExcitation === 0 ? [] : [`se${stage.squeezeExcitation}`];
  const shortcut = stage.addsInput ? [] : ['noskip'];
  return [expansion === 1 ? 'ds' : expanded, ...size, `e${expansion}`, `c${channels}`, ...squeeze, ...shortcut].join(
    '_',
  );
}
