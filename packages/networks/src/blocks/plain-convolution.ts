import { z } from 'zod';

import type { Immutable } from '../immutable.ts';
import type { BlockKind } from './block-kind.ts';
import { commonStageFields, extentSchema } from './stage-schema.ts';

/** A convolution with batch normalization and activation, as in VGG-like networks. */
export const plainConvolutionSchema = z.strictObject({
  block: z.literal('convolution'),
  ...commonStageFields,
  kernel: extentSchema,
});

type Stage = Immutable<z.infer<typeof plainConvolutionSchema>>;

export const plainConvolution: BlockKind<Stage> = {
  compose(composer, stage, { stride, channels, activation }) {
    composer.convolution({ name: 'main', kernel: stage.kernel, stride, filters: channels, activation });
  },
};
