import { z } from 'zod';

import type { Immutable } from '../description/immutable.ts';
import type { LayerComposer } from '../layers/layer-composer.ts';
import type { BlockPlacement } from './block-kind.ts';
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

/** Adds the layers of one block of `stage`. */
export function composeBlock(composer: LayerComposer, stage: StageDescription, placement: BlockPlacement): void {
  switch (stage.block) {
    case 'convolution':
      plainConvolution.compose(composer, stage, placement);
      break;
    case 'depthwise-separable':
      depthwiseSeparable.compose(composer, stage, placement);
      break;
    case 'inverted-residual':
      invertedResidual.compose(composer, stage, placement);
      break;
    case 'fused-inverted-residual':
      fusedInvertedResidual.compose(composer, stage, placement);
      break;
    case 'residual-bottleneck':
      residualBottleneck.compose(composer, stage, placement);
      break;
    case 'residual-basic':
      residualBasic.compose(composer, stage, placement);
      break;
  }
}

/** Channels are scaled and rounded in units of this: a bottleneck's are its inner channels times its reduction. */
export function channelUnit(stage: StageDescription): number {
  return stage.block === 'residual-bottleneck' ? (residualBottleneck.channelUnit?.(stage) ?? 1) : 1;
}
