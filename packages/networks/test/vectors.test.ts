import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { kerasResnet50 } from './known-networks.ts';
import { measure, type Scaled } from './measure.ts';

const costSchema = z.object({
  params: z.int(),
  total_with_bn_stats: z.int().optional(),
  macs: z.int(),
  macs_bias: z.int(),
  acts: z.int(),
});
const sizes = z.array(z.int());
const vectorsSchema = z.object({
  efficientnet: z.array(
    costSchema.extend({
      name: z.string(),
      w: z.number(),
      d: z.number(),
      res: z.int(),
      repeats: sizes,
      channels_stem_stages_head: sizes,
      blocks: z.int(),
    }),
  ),
  b2_at_288_torchvision: costSchema,
  mobilenet_v1: z.array(costSchema.extend({ alpha: z.number(), res: z.int() })),
  mobilenet_v2: z.array(costSchema.extend({ alpha: z.number(), res: z.int() })),
  resnet50: z.object({ v1_5: costSchema, v1: costSchema, v1_keras_conv_bias: costSchema }),
  cifar: z.object({ b0_std_res32_10: costSchema, mbv1_std_res32_10: costSchema, resnet50_std_res32_10: costSchema }),
  table7: z.object({ base: costSchema, w2: costSchema, r2: costSchema, compound: costSchema }),
  table3: z.object({
    v1_base: costSchema,
    v1_r2: costSchema,
    v1_comp_291: costSchema,
    v2_base: costSchema,
    v2_w2: costSchema,
    v2_r2: costSchema,
    v2_comp_291: costSchema,
    r50_base: costSchema,
    r50_d4: costSchema,
    r50_w2: costSchema,
    r50_r2: costSchema,
  }),
  phi: z.array(
    z.object({
      phi: z.number(),
      w: z.number(),
      d: z.number(),
      res: z.int(),
      repeats: sizes,
      channels: sizes,
      params: z.int(),
      macs: z.int(),
    }),
  ),
  efficientnet3d: z.object({
    b0_16x112: costSchema.extend({ final: sizes }),
    b0_16x112_no_temporal_stride: costSchema.extend({ final: sizes }),
    params: z.object({ b0: z.int(), b1: z.int(), b4: z.int(), b7: z.int() }),
  }),
});

/**
 * Exact counts, cross-checked between pycls' complexity table, torchvision, Keras, the unit tests of google/automl and,
 * for three dimensions, a run in PyTorch.
 */
const vectors = vectorsSchema.parse(JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')));

function expectCost(actual: ReturnType<typeof measure>, expected: z.infer<typeof costSchema>): void {
  const { cost } = actual;
  expect({
    params: cost.parameters,
    total_with_bn_stats: cost.parametersWithStatistics,
    macs: cost.macs,
    macs_bias: cost.macsWithBias,
    acts: cost.activations,
  }).toMatchObject(costSchema.parse(expected));
}

describe('EfficientNet B0 to B7 (google/automl efficientnet_builder_test.py, pycls, torchvision)', () => {
  it.each(vectors.efficientnet)('$name costs what the sources say, to the unit', (row) => {
    const scaled = measure('efficientnet-b0', { depth: row.d, width: row.w, resolution: row.res });
    expectCost(scaled, row);
    expect(scaled.architecture.repeats).toEqual(row.repeats);
    expect(scaled.architecture.channels).toEqual(row.channels_stem_stages_head);
  });

  it("B2 at the 288 pixels of torchvision's weights costs 1.088 G, not the 0.994 G of 260 pixels", () => {
    expectCost(measure('efficientnet-b0', { depth: 1.2, width: 1.1, resolution: 288 }), vectors.b2_at_288_torchvision);
  });
});

describe('MobileNets (Keras, timm)', () => {
  it.each(vectors.mobilenet_v1)('V1 at width $alpha and $res pixels', (row) => {
    expectCost(measure('mobilenet-v1', { width: row.alpha, resolution: row.res }), row);
  });

  it.each(vectors.mobilenet_v2)('V2 at width $alpha and $res pixels, its head never below 1280', (row) => {
    expectCost(measure('mobilenet-v2', { width: row.alpha, resolution: row.res }), row);
  });
});

describe('ResNet-50 (torchvision, pycls, Keras)', () => {
  it('v1.5 strides in the 3x3 convolution', () => {
    expectCost(measure('resnet-50'), vectors.resnet50.v1_5);
  });

  it('v1 strides in the first 1x1 convolution', () => {
    expectCost(measure('resnet-50-v1'), vectors.resnet50.v1);
  });

  it('of Keras has biases on all convolutions', () => {
    expectCost(measure(kerasResnet50()), vectors.resnet50.v1_keras_conv_bias);
  });
});

describe('ImageNet strides on 32-pixel images', () => {
  it.each([
    ['efficientnet-b0', vectors.cifar.b0_std_res32_10],
    ['mobilenet-v1', vectors.cifar.mbv1_std_res32_10],
    ['resnet-50', vectors.cifar.resnet50_std_res32_10],
  ] as const)('leave %s one position, with a warning', (name, row) => {
    const scaled = measure(name, { resolution: 32, classes: 10 });
    expectCost(scaled, row);
    expect(scaled.cost.finalMap).toEqual([1, 1]);
    expect(scaled.cost.warnings.map((warning) => warning.code)).toEqual(['FINAL_MAP_IS_ONE_PIXEL']);
  });
});

describe("the paper's scaling tables, exactly", () => {
  it.each([
    ['table 7, base', 'efficientnet-b0', {}, vectors.table7.base],
    ['table 7, w = 2', 'efficientnet-b0', { width: 2 }, vectors.table7.w2],
    ['table 7, r = 2', 'efficientnet-b0', { ratio: 2 }, vectors.table7.r2],
    ['table 7, compound', 'efficientnet-b0', { depth: 1.4, width: 1.2, ratio: 1.3 }, vectors.table7.compound],
    ['table 3, MobileNetV1', 'mobilenet-v1', {}, vectors.table3.v1_base],
    ['table 3, MobileNetV1 r = 2', 'mobilenet-v1', { ratio: 2 }, vectors.table3.v1_r2],
    [
      'table 3, MobileNetV1 compound',
      'mobilenet-v1',
      { depth: 1.4, width: 1.2, ratio: 1.3 },
      vectors.table3.v1_comp_291,
    ],
    ['table 3, MobileNetV2', 'mobilenet-v2', {}, vectors.table3.v2_base],
    ['table 3, MobileNetV2 w = 2', 'mobilenet-v2', { width: 2 }, vectors.table3.v2_w2],
    ['table 3, MobileNetV2 r = 2', 'mobilenet-v2', { ratio: 2 }, vectors.table3.v2_r2],
    [
      'table 3, MobileNetV2 compound',
      'mobilenet-v2',
      { depth: 1.4, width: 1.2, ratio: 1.3 },
      vectors.table3.v2_comp_291,
    ],
    ['table 3, ResNet-50', 'resnet-50', {}, vectors.table3.r50_base],
    ['table 3, ResNet-50 d = 4', 'resnet-50', { depth: 4 }, vectors.table3.r50_d4],
    ['table 3, ResNet-50 w = 2', 'resnet-50', { width: 2 }, vectors.table3.r50_w2],
    ['table 3, ResNet-50 r = 2', 'resnet-50', { ratio: 2 }, vectors.table3.r50_r2],
  ] satisfies [string, string, Scaled, z.infer<typeof costSchema>][])('%s', (_row, name, scaled, expected) => {
    expectCost(measure(name, scaled), expected);
  });
});

describe('EfficientNet-B0 in three dimensions', () => {
  it('strides frames away: 16x112x112 ends in 1x4x4', () => {
    const scaled = measure('efficientnet-b0-3d');
    expectCost(scaled, vectors.efficientnet3d.b0_16x112);
    expect(scaled.cost.finalMap).toEqual(vectors.efficientnet3d.b0_16x112.final);
  });

  it('without temporal striding keeps all frames', () => {
    const scaled = measure('efficientnet-b0-3d-full-rate');
    expectCost(scaled, vectors.efficientnet3d.b0_16x112_no_temporal_stride);
    expect(scaled.cost.finalMap).toEqual(vectors.efficientnet3d.b0_16x112_no_temporal_stride.final);
  });

  it.each([
    ['b0', 1, 1],
    ['b1', 1.1, 1],
    ['b4', 1.8, 1.4],
    ['b7', 3.1, 2],
  ] as const)('has the parameters of %s (depth %d, width %d)', (name, depth, width) => {
    const expected = vectors.efficientnet3d.params[name];
    expect(measure('efficientnet-b0-3d', { depth, width }).cost.parameters).toBe(expected);
    expect(measure('efficientnet-b0-3d-full-rate', { depth, width }).cost.parameters).toBe(expected);
  });
});

describe("any phi with the paper's coefficients", () => {
  it.each(vectors.phi)('$phi', ({ phi, w, d, res, repeats, channels, params, macs }) => {
    const { architecture, cost } = measure('efficientnet-b0', {
      depth: 1.2 ** phi,
      width: 1.1 ** phi,
      ratio: 1.15 ** phi,
    });
    expect(architecture.multipliers.width).toBeCloseTo(w, 12);
    expect(architecture.multipliers.depth).toBeCloseTo(d, 12);
    expect(architecture.resolution).toEqual([res, res]);
    expect(architecture.repeats).toEqual(repeats);
    expect(architecture.channels).toEqual(channels);
    expect([cost.parameters, cost.macs]).toEqual([params, macs]);
  });
});
