import { floorProduct } from '@compound-search/scaling';
import { z } from 'zod';

import type { Immutable } from '../description/immutable.ts';
import { commonStageFields, expansionSchema, extentSchema, shortcutSchema } from '../description/stage-schema.ts';
import type { BlockKind } from './block-kind.ts';
import { addShortcut } from './shortcut.ts';

/**
 * EfficientNetV2's Fused-MBConv: one k x k convolution with the stride expands, a 1x1 convolution projects. Where the
 * expansion is 1 the k x k convolution alone remains, with its activation.
 */
export const fusedInvertedResidualSchema = z.strictObject({
  block: z.literal('fused-inverted-residual'),
  ...commonStageFields,
  kernel: extentSchema,
  expansion: expansionSchema,
  shortcut: shortcutSchema.optional().describe('Default: where-equal.'),
});

type Stage = Immutable<z.infer<typeof fusedInvertedResidualSchema>>;

export const fusedInvertedResidual: BlockKind<Stage> = {
  channelUnit: () => 1,
  compose(composer, { kernel, expansion, shortcut }, context) {
    const { activation, stride, channels } = context;
    if (expansion === 1) {
      composer.convolution({ name: 'projection', kernel, stride, filters: channels, activation });
    } else {
      const expanded = Math.max(1, floorProduct(composer.shapeAt(0).channels * expansion));
      composer.convolution({ name: 'expansion', kernel, stride, filters: expanded, activation });
      composer.convolution({ name: 'projection', kernel: 1, filters: channels });
    }
    addShortcut(composer, shortcut ?? 'where-equal', context);
  },
};
