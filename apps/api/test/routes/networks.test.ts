import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

import {
  type FamilyMember,
  type FamilyRequestInput,
  type NetworkAnswer,
  type NetworkRequestInput,
  type Problem,
} from '@compound-search/contracts';
import { findBaseline, networkDescriptionSchema } from '@compound-search/networks';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { useService } from '../service.ts';

const service = useService();

function post(url: string, payload: object) {
  return service().app.inject({ method: 'POST', url, payload });
}
async function cost(request: NetworkRequestInput) {
  const response = await post('/v1/networks', request);
  return { status: response.statusCode, body: response.json<NetworkAnswer>() };
}
async function family(request: FamilyRequestInput) {
  const response = await post('/v1/families', request);
  return { status: response.statusCode, body: response.json<FamilyMember[]>() };
}
async function refusal(url: string, payload: object) {
  const response = await post(url, payload);
  return { status: response.statusCode, body: response.json<Problem>() };
}

const row = z.object({ params: z.int(), macs: z.int() });
const published = row.extend({ name: z.string(), macs_bias: z.int(), acts: z.int(), res: z.int() });
const member = row.extend({ phi: z.number(), res: z.int(), repeats: z.array(z.int()), channels: z.array(z.int()) });
/** Exact counts that several public implementations agree on; the networks package says which. */
const vectors = z
  .object({ efficientnet: z.array(published), phi: z.array(member) })
  .parse(JSON.parse(readFileSync(new URL('../../../../packages/networks/test/vectors.json', import.meta.url), 'utf8')));

const b0 = findBaseline('efficientnet-b0');

describe('POST /v1/networks', () => {
  it.each(vectors.efficientnet)('costs the published $name to the unit', async ({ name, ...expected }) => {
    const { status, body } = await cost({ published: name });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      parameters: expected.params,
      macs: expected.macs,
      macsWithBias: expected.macs_bias,
      activations: expected.acts,
      resolution: [expected.res, expected.res],
    });
  });

  it('scales any baseline: its own description costs what its name does', async () => {
    const scale = { depth: 1.2, width: 1.1, resolution: [160, 224], classes: 10, inputChannels: 1 };
    const named = await cost({ baseline: 'efficientnet-b0', ...scale });
    const described = await cost({ baseline: { ...b0 }, ...scale });
    expect(named.body).toMatchObject({ classes: 10, resolution: [160, 224] });
    expect(described.body).toEqual(named.body);
  });

  it('adds the layers, which sum to the whole, and the memory of training', async () => {
    const { body } = await cost({ baseline: 'mobilenet-v2', layers: true, batch: 32 });
    const layers = body.layers ?? [];
    const sum = (of: 'macs' | 'parameters' | 'activations') => layers.reduce((total, layer) => total + layer[of], 0);
    expect([sum('macs'), sum('parameters'), sum('activations')]).toEqual([
      body.macs,
      body.parameters,
      body.activations,
    ]);
    // 4 bytes each for weights, gradients, two optimizer slots and the moving average, and activations times 32.
    expect(body.trainingMemory?.total).toBe(4 * (5 * body.parameters + 32 * body.activations));
  });

  it('shares a growth of cost out by a strategy: fast scaling is mostly width (arXiv 2103.06877)', async () => {
    const { body } = await cost({ baseline: 'efficientnet-b0', strategy: 'fast', target: 2 });
    expect(body.multipliers.width).toBeCloseTo(2 ** 0.4, 12);
    expect(body.multipliers.depth).toBeCloseTo(2 ** 0.1, 12);
    expect(body.multipliers.resolution).toBeCloseTo(2 ** 0.05, 12);
  });

  it('tells at which phi a network lies: B7 at 6.21, 7.27, 7.05 and 6.61 (tensorflow/tpu 390, 738)', async () => {
    const { effectivePhi } = (await cost({ published: 'b7' })).body;
    expect(Object.values(effectivePhi).map((value) => value?.toFixed(2))).toEqual(['6.21', '7.27', '7.05', '6.61']);
  });

  it('says when one position is left of the image', async () => {
    const { body } = await cost({ baseline: 'resnet-50', resolution: 32 });
    expect(body.finalMap).toEqual([1, 1]);
    expect(body.notes.join()).toContain('one position is left');
  });

  it.each([
    ['neither baseline nor published', {}, 400, 'VALIDATION_FAILED', 'baseline'],
    ['multipliers beside published', { published: 'b1', depth: 2 }, 400, 'VALIDATION_FAILED', 'depth'],
    [
      "another baseline's published",
      { published: 'lite1', baseline: 'resnet-50' },
      400,
      'VALIDATION_FAILED',
      'baseline',
    ],
    ['a target alone', { baseline: 'resnet-50', target: 2 }, 400, 'VALIDATION_FAILED', 'target'],
    [
      'a strategy and a depth',
      { baseline: 'resnet-50', strategy: 'fast', depth: 1 },
      400,
      'VALIDATION_FAILED',
      'strategy',
    ],
    ['an unknown policy', { baseline: 'resnet-50', rounding: 'up' }, 400, 'VALIDATION_FAILED', 'rounding'],
    ['an unknown baseline', { baseline: 'resnet-9000' }, 422, 'UNKNOWN_BASELINE', 'baseline'],
    ['an unknown published network', { published: 'b99' }, 422, 'UNKNOWN_BASELINE', 'published'],
    ['a depth of 0', { baseline: 'resnet-50', depth: 0 }, 422, 'COEFFICIENT_INVALID', 'depth'],
    ['frames for an image', { baseline: 'resnet-50', resolution: [8, 32, 32] }, 422, 'NETWORK_INVALID', 'resolution'],
    [
      'more layers than are listed',
      { baseline: 'efficientnet-b0', depth: 200, layers: true },
      400,
      'VALIDATION_FAILED',
      'layers',
    ],
    ['more blocks than can be costed', { baseline: 'resnet-50', depth: 1e6 }, 422, 'NETWORK_INVALID', 'depth'],
    [
      'an activation that is unknown',
      { baseline: { ...b0, activation: 'tanh' } },
      422,
      'NETWORK_INVALID',
      'baseline.activation',
    ],
  ])('refuses %s', async (_because, request, ...expected) => {
    const { status, body } = await refusal('/v1/networks', request);
    expect([status, body.code, body.field]).toEqual(expected);
    expect(body.remedy ?? '').not.toBe('');
  });
});

describe('POST /v1/families', () => {
  it("costs every phi of the paper's coefficients to the unit, in the order asked for", async () => {
    const coefficients = { alpha: 1.2, beta: 1.1, gamma: 1.15 };
    const { status, body } = await family({
      baseline: 'efficientnet-b0',
      ...coefficients,
      phi: vectors.phi.map(({ phi }) => phi),
    });
    expect(status).toBe(200);
    expect(
      body.map(({ phi, resolution, repeats, channels, parameters, macs }) => ({
        ...{ phi, res: resolution[0], repeats, channels, params: parameters, macs },
      })),
    ).toEqual(vectors.phi);
    const base = body.find(({ phi }) => phi === 0);
    for (const { macs, macsRatio } of body) expect(macsRatio).toBe(macs / (base?.macs ?? 0));
  });

  it('answers others while it counts a family of 100 networks with 3,200 blocks each', async () => {
    const phi = Array.from({ length: 100 }, (_, index) => 1 + index / 1e4);
    const counting = { ended: false };
    const counted = family({ baseline: 'efficientnet-b0', alpha: 200, beta: 1.001, gamma: 1.001, phi }).finally(() => {
      counting.ended = true;
    });
    let answered = 0;
    while (!counting.ended) {
      await service().app.inject('/healthz');
      answered += 1;
      await setImmediate();
    }
    expect((await counted).body).toHaveLength(100);
    expect(answered).toBeGreaterThan(10);
  });

  it('refuses coefficients without a power', async () => {
    const request = { baseline: 'efficientnet-b0', alpha: -1, beta: 1.1, gamma: 1.15, phi: [1] };
    const { status, body } = await refusal('/v1/families', request);
    expect([status, body.code, body.field]).toEqual([422, 'COEFFICIENT_INVALID', 'alpha']);
  });
});

describe('GET /v1/published-networks', () => {
  it('lists the published rows beside their exact cost', async () => {
    const list = (await service().app.inject('/v1/published-networks')).json<{ name: string; macs: number }[]>();
    expect(list.map(({ name }) => name)).toEqual(expect.arrayContaining(['b0', 'b8', 'l2', 'lite4', 'tinynet-e']));
    // torchvision's EfficientNet-B4: 4.39 G multiply-adds.
    expect(list.find(({ name }) => name === 'b4')?.macs).toBe(4_393_771_024);
  });
});

describe('GET /v1/schemas/network', () => {
  it('is the schema that descriptions are checked by', async () => {
    const schema = (await service().app.inject('/v1/schemas/network')).json<{ required: string[] }>();
    expect(schema).toEqual(z.toJSONSchema(networkDescriptionSchema));
    expect(schema.required).toEqual(expect.arrayContaining(['name', 'input', 'stem', 'stages']));
  });
});
