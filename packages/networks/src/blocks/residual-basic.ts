import { z } from 'zod';

import type { Immutable } from '../description/immutable.ts';
import { commonStageFields, extentSchema, shortcutSchema } from '../description/stage-schema.ts';
import type { BlockKind } from './block-kind.ts';
import { addShortcut } from './shortcut.ts';

/** ResNet's basic block: two k x k convolutions, the first with the stride; activation again after the addition. */
export const residualBasicSchema = z.strictObject({
  block: z.literal('residual-basic'),
  ...commonStageFields,
  kernel: extentSchema,
  shortcut: shortcutSchema,
});

type Stage = Immutable<z.infer<typeof residualBasicSchema>>;

export const residualBasic: BlockKind<Stage> = {
  channelUnit: () => 1,
  compose(composer, { kernel, shortcut }, context) {
    const { stride, channels: filters, activation } = context;
    composer.convolution({ name: 'first', kernel, stride, filters, activation });
    composer.convolution({ name: 'second', kernel, filters });
    addShortcut(composer, shortcut, context);
    composer.activation('output', activation);
  },
};
