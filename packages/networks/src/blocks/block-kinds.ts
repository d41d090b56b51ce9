import { z } from 'zod';

import type { Immutable } from '../description/immutable.ts';
import type { LayerComposer } from '../layers/layer-composer.ts';
import type { BlockContext, BlockKind } from './block-kind.ts';
import { depthwiseSeparable, depthwiseSeparableSchema } from './depthwise-separable.ts';
import { fusedInvertedResidual, fusedInvertedResidualSchema } from './fused-inverted-residual.ts';
import { invertedResidual, invertedResidualSchema } from './inverted-residual.ts';
import { plainConvolution, plainConvolutionSchema } from './plain-convolution.ts';
import { residualBasic, residualBasicSchema } from './residual-basic.ts';
import { residualBottleneck, residualBottleneckSchema } from './residual-bottleneck.ts';

/** A stage: blocks of one kind, the first of which strides and changes the channels. */
export const stageSchema = z.discriminatedUnion('block', [
  plainConvolutionSchema,
  depthwiseSeparableSchema,
  invertedResidualSchema,
  fusedInvertedResidualSchema,
  residualBottleneckSchema,
  residualBasicSchema,
]);

/** A stage: blocks of one kind, the first of which strides and changes the channels. */
export type StageDescription = Immutable<z.infer<typeof stageSchema>>;

type StagesByBlock = { readonly [Stage in StageDescription as Stage['block']]: Stage };
type Block = keyof StagesByBlock;

/** One entry per kind that a stage may name; a kind without one, or an entry without a kind, does not compile. */
const blockKinds: { readonly [Name in Block]: BlockKind<StagesByBlock[Name]> } = {
  convolution: plainConvolution,
  'depthwise-separable': depthwiseSeparable,
  'inverted-residual': invertedResidual,
  'fused-inverted-residual': fusedInvertedResidual,
  'residual-bottleneck': residualBottleneck,
  'residual-basic': residualBasic,
};

function kindOf<Name extends Block>(block: Name): BlockKind<StagesByBlock[Name]> {
  return blockKinds[block];
}

/** Adds the layers of one block of `stage`. */
export function composeBlock(composer: LayerComposer, stage: StageDescription, context: BlockContext): void {
  kindOf(stage.block).compose(composer, stage, context);
}

/** Channels are scaled and rounded in units of this: a bottleneck's are its inner channels times its reduction. */
export function channelUnit(stage: StageDescription): number {
  return kindOf(stage.block).channelUnit(stage);
}
