import { z } from 'zod';

import type { Immutable } from '../description/immutable.ts';
import { commonStageFields, extentSchema } from '../description/stage-schema.ts';
import type { BlockKind } from './block-kind.ts';

/** MobileNetV1's block: depthwise with the stride, then pointwise, each with batch normalization and activation. */
export const depthwiseSeparableSchema = z.strictObject({
  block: z.literal('depthwise-separable'),
  ...commonStageFields,
  kernel: extentSchema,
  pointwiseBias: z.boolean().optional(),
});

type Stage = Immutable<z.infer<typeof depthwiseSeparableSchema>>;

export const depthwiseSeparable: BlockKind<Stage> = {
  channelUnit: () => 1,
  compose(composer, stage, { stride, channels, activation }) {
    composer.convolution({ name: 'depthwise', kernel: stage.kernel, stride, activation });
    const bias = stage.pointwiseBias === undefined ? {} : { bias: stage.pointwiseBias };
    composer.convolution({ name: 'pointwise', kernel: 1, filters: channels, activation, ...bias });
  },
};
