import { z } from 'zod';

import type { Immutable } from '../description/immutable.ts';
import { commonStageFields, extentSchema } from '../description/stage-schema.ts';
import type { BlockKind } from './block-kind.ts';

/** A convolution with batch normalization and activation, as in VGG-like networks. */
export const plainConvolutionSchema = z.strictObject({
  block: z.literal('convolution'),
  ...commonStageFields,
  kernel: extentSchema,
});

type Stage = Immutable<z.infer<typeof plainConvolutionSchema>>;

export const plainConvolution: BlockKind<Stage> = {
  channelUnit: () => 1,
  compose(composer, stage, { stride, channels, activation }) {
    composer.convolution({ name: 'main', kernel: stage.kernel, stride, filters: channels, activation });
  },
};
