import { floorProduct } from '@compound-search/scaling';
import { z } from 'zod';

import type { Immutable } from '../description/immutable.ts';
import {
  commonStageFields,
  expansionSchema,
  extentSchema,
  shortcutSchema,
  squeezeExcitationSchema,
} from '../description/stage-schema.ts';
import type { BlockKind } from './block-kind.ts';
import { addShortcut } from './shortcut.ts';
import { addSqueezeExcitation } from './squeeze-excitation.ts';

/**
 * MobileNetV2's inverted residual and, with squeeze-and-excitation, EfficientNet's MBConv: expand 1x1 (left out where
 * the expansion is 1, unless the stage keeps it), depthwise with the stride, squeeze and excite, project 1x1 without activation.
 */
export const invertedResidualSchema = z.strictObject({
  block: z.literal('inverted-residual'),
  ...commonStageFields,
  kernel: extentSchema,
  expansion: expansionSchema,
  keepsExpansion: z.boolean().optional().describe('Whether an expansion of 1 has its 1x1 convolution too.'),
  squeezeExcitation: squeezeExcitationSchema.optional(),
  shortcut: shortcutSchema.optional().describe('Default: where-equal.'),
});

type Stage = Immutable<z.infer<typeof invertedResidualSchema>>;

export const invertedResidual: BlockKind<Stage> = {
  channelUnit: () => 1,
  compose(composer, stage, context) {
    const { activation, stride, channels } = context;
    const input = composer.shapeAt(0).channels;
    const expanded = Math.max(1, floorProduct(input * stage.expansion));
    if (stage.expansion !== 1 || stage.keepsExpansion === true) {
      composer.convolution({ name: 'expansion', kernel: 1, filters: expanded, activation });
    }
    composer.convolution({ name: 'depthwise', kernel: stage.kernel, stride, activation });
    if (stage.squeezeExcitation !== undefined) addSqueezeExcitation(composer, stage.squeezeExcitation, activation);
    composer.convolution({ name: 'projection', kernel: 1, filters: channels });
    addShortcut(composer, stage.shortcut ?? 'where-equal', context);
  },
};
