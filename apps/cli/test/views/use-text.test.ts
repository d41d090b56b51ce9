import { findBaseline, networkUse, scaleBaseline } from '@compound-search/networks';
import { describe, expect, it } from 'vitest';

import { renderCode, renderUse } from '../../src/views/use-text.ts';

const scale = { depth: 1.2, width: 1.1, resolution: 1.15 };

describe('how to use an answer', () => {
  it('begins with the arguments that scale, whatever the order in which they were stored', () => {
    const use = networkUse(scaleBaseline(findBaseline('efficientnet-b0'), scale));
    const stored = Object.fromEntries(Object.entries(use.timm.arguments ?? {}).toSorted());
    const [keras, timm, torchvision] = renderUse({ ...use, timm: { ...use.timm, arguments: stored } }).split('\n');
    expect(keras).toMatch(/^Keras: width_coefficient=1\.1, depth_coefficient=1\.2, default_size=258, /u);
    expect(timm).toMatch(/^timm: channel_multiplier=1\.1, depth_multiplier=1\.2, input_size=\(3, 258, 258\), /u);
    expect(torchvision).toMatch(/^torchvision: width_mult=1\.1, depth_mult=1\.2, /u);
  });

  it('says why a library has none', () => {
    const use = networkUse(scaleBaseline(findBaseline('resnet-50'), scale));
    expect(renderUse(use).split('\n')[1]).toBe('timm has no blocks of the kind residual-bottleneck.');
  });

  it('has its notes as comments of the code', () => {
    const { torchvision } = networkUse(scaleBaseline(findBaseline('efficientnet-b0'), scale));
    const [comment, code] = renderCode(torchvision).split('\n');
    expect(comment).toMatch(/^# torchvision pads maps equally/u);
    expect(code).toBe('from functools import partial');
  });
});
