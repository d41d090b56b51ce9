import { z } from 'zod';

import type { Immutable } from '../description/immutable.ts';
import { commonStageFields, extentSchema, shortcutSchema } from '../description/stage-schema.ts';
import type { BlockKind } from './block-kind.ts';
import { addShortcut } from './shortcut.ts';

/**
 * ResNet's bottleneck: 1x1 to `channels / reduction`, k x k, 1x1 back to `channels`; activation again after the
 * addition. The stride sits in the k x k convolution (ResNet v1.5) or in the first 1x1 (ResNet v1).
 */
export const residualBottleneckSchema = z.strictObject({
  block: z.literal('residual-bottleneck'),
  ...commonStageFields,
  kernel: extentSchema,
  reduction: z.int().min(1).max(64).describe('Output channels over inner channels.'),
  strideIn: z.enum(['reduction', 'middle']),
  shortcut: shortcutSchema,
});

type Stage = Immutable<z.infer<typeof residualBottleneckSchema>>;

export const residualBottleneck: BlockKind<Stage> = {
  channelUnit: (stage) => stage.reduction,
  compose(composer, stage, context) {
    const { stride, channels, activation } = context;
    const inner = channels / stage.reduction;
    const [first, middle] = stage.strideIn === 'reduction' ? [stride, 1] : [1, stride];
    composer.convolution({ name: 'reduction', kernel: 1, stride: first, filters: inner, activation });
    composer.convolution({ name: 'middle', kernel: stage.kernel, stride: middle, filters: inner, activation });
    composer.convolution({ name: 'expansion', kernel: 1, filters: channels });
    addShortcut(composer, stage.shortcut, context);
    composer.activation('output', activation);
  },
};
