import type { StageDescription } from '../blocks/block-kinds.ts';
import type { NetworkDescription } from '../description/description.ts';
import type { Extent } from '../description/stage-schema.ts';

/** A stage of MobileNet's and EfficientNet's kind, as libraries describe one: square kernels, equal strides. */
export interface MobileStage {
  readonly kind: 'inverted' | 'fused';
  readonly repeats: number;
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly expansion: number;
  /** Share of the block's input channels; 0 where it has no squeeze-and-excitation. */
  readonly squeezeExcitation: number;
  /** Whether the input is added where shapes are equal. */
  readonly addsInput: boolean;
}

function scalar(extent: Extent): number | undefined {
  if (typeof extent === 'number') return extent;
  const [first] = extent;
  return extent.every((value) => value === first) ? first : undefined;
}

type MobileStageDescription = Extract<
  StageDescription,
  { readonly block: 'inverted-residual' | 'fused-inverted-residual' }
>;

function isMobile(stage: StageDescription): stage is MobileStageDescription {
  return stage.block === 'inverted-residual' || stage.block === 'fused-inverted-residual';
}

function squareOf(stage: MobileStageDescription): Pick<MobileStage, 'kernel' | 'stride'> | undefined {
  const [kernel, stride] = [scalar(stage.kernel), scalar(stage.stride)];
  return kernel === undefined || stride === undefined ? undefined : { kernel, stride };
}

function readStage(stage: StageDescription, index: number): MobileStage | string {
  const name = `stage ${index + 1}`;
  if (!isMobile(stage)) return `has no blocks of the kind ${stage.block}`;
  const { shortcut = 'where-equal', repeats, channels, expansion } = stage;
  if (shortcut !== 'where-equal' && shortcut !== 'none') return `has no shortcut "${shortcut}", as ${name} has`;
  if (stage.activation !== undefined) return `takes one activation for all stages, unlike ${name}`;
  const square = squareOf(stage);
  if (square === undefined) return `takes one kernel and stride for both axes, unlike ${name}`;
  const common = { ...square, repeats, channels, expansion, addsInput: shortcut === 'where-equal' };
  if (stage.block === 'fused-inverted-residual') return { kind: 'fused', squeezeExcitation: 0, ...common };
  if (keepsExpansion(stage)) return `has no 1x1 convolution before an expansion of 1, as ${name} has`;
  return { kind: 'inverted', squeezeExcitation: stage.squeezeExcitation ?? 0, ...common };
}

/** Whether its blocks have an expansion that changes no number of channels. */
function keepsExpansion(stage: Extract<MobileStageDescription, { readonly block: 'inverted-residual' }>): boolean {
  return stage.expansion === 1 && stage.keepsExpansion === true;
}

/** The stages of a network for images in the way of MobileNet and EfficientNet; else a sentence that says what is in the way. */
export function readMobileStages(baseline: NetworkDescription): readonly MobileStage[] | string {
  const { input, stem, head, convolutionBias } = baseline;
  if (input.spatial.length !== 2) return 'builds networks for images, and this one is for video';
  const stages = baseline.stages.map(readStage);
  const fault = stages.find((stage) => typeof stage === 'string');
  if (fault !== undefined) return fault;
  if (scalar(stem.kernel) !== 3 || scalar(stem.stride) !== 2) return 'begins with a 3x3 convolution of stride 2';
  if (stem.pooling !== undefined || stem.padding !== undefined || stem.activation !== undefined) {
    return 'has no pooling, padding or activation of its own in the stem';
  }
  if (head === undefined) return 'has a 1x1 convolution before the pooling, and this network has none';
  if (convolutionBias === true) return 'has no biases on convolutions';
  return stages.filter((stage) => typeof stage === 'object');
}

const fields = ['kind', 'repeats', 'channels', 'kernel', 'stride', 'expansion', 'squeezeExcitation'] as const;

/** Whether two baselines are the same network at multipliers of 1, whatever their input, classes and rounding. */
export function sameBody(one: NetworkDescription, other: NetworkDescription): boolean {
  const [left, right] = [readMobileStages(one), readMobileStages(other)];
  if (typeof left === 'string' || typeof right === 'string' || left.length !== right.length) return false;
  return (
    one.stem.channels === other.stem.channels &&
    one.head?.channels === other.head?.channels &&
    one.activation === other.activation &&
    left.every(
      (stage, index) =>
        stage.addsInput === right[index]?.addsInput && fields.every((field) => stage[field] === right[index]?.[field]),
    )
  );
}
