import { baselineViewSchema, datasetViewSchema, type Plan } from '@compound-search/contracts';
import { buildNetwork, findBaseline, fingerprint, networkCost, scaleBaseline } from '@compound-search/networks';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { useService } from '../service.ts';

const service = useService();

describe('GET /v1/baselines', () => {
  it('lists every baseline with the cost of the network that it describes', async () => {
    const response = await service().app.inject('/v1/baselines');
    expect(response.statusCode).toBe(200);
    const baselines = baselineViewSchema.array().parse(response.json());
    expect(baselines.map(({ name }) => name)).toContain('efficientnet-micro');
    for (const { name, parameters, macs, activations, resolution } of baselines) {
      const network = buildNetwork(scaleBaseline(findBaseline(name), { depth: 1, width: 1, resolution: 1 }));
      const cost = networkCost(network);
      expect({ parameters, macs, activations, resolution }).toEqual({
        parameters: cost.parameters,
        macs: cost.macs,
        activations: cost.activations,
        resolution: network.input.spatial,
      });
    }
  });
});

describe('GET /v1/datasets', () => {
  it('lists the data sets with their sizes', async () => {
    const response = await service().app.inject('/v1/datasets');
    expect(response.statusCode).toBe(200);
    const datasets = datasetViewSchema.array().parse(response.json());
    // MNIST: 60,000 training and 10,000 test digits of 28 x 28 pixels (LeCun et al. 1998).
    expect(datasets.find(({ name }) => name === 'mnist')).toMatchObject({
      image: { height: 28, width: 28, channels: 1 },
      classes: 10,
      trainingImages: 60_000,
      testImages: 10_000,
    });
  });
});

describe('POST /v1/plans', () => {
  it('plans the very networks that a worker will build, and stores nothing', async () => {
    const recipe = { dropout: 0.35, stochasticDepth: 0.15, batchNormalizationMomentum: 0.9 };
    const response = await service().app.inject({
      method: 'POST',
      url: '/v1/plans',
      payload: sampleRequest({ recipe }),
    });
    expect(response.statusCode).toBe(200);
    const { candidates } = response.json<Plan>();
    expect(candidates.length).toBeGreaterThan(1);
    for (const candidate of candidates) {
      const architecture = scaleBaseline(findBaseline('efficientnet-micro'), candidate.multipliers, {
        input: { channels: 1 },
        classes: 10,
        dropoutRate: recipe.dropout,
        stochasticDepthRate: recipe.stochasticDepth,
        normalizationMomentum: recipe.batchNormalizationMomentum,
      });
      expect(fingerprint(buildNetwork(architecture))).toBe(candidate.fingerprint);
    }
    expect(await service().countRows()).toBe(0);
  });

  it('refuses a baseline over video for a data set of images', async () => {
    const response = await service().app.inject({
      method: 'POST',
      url: '/v1/plans',
      payload: sampleRequest({ baseline: 'efficientnet-b0-3d' }),
    });
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({ code: 'NETWORK_INVALID', field: 'baseline', value: 'efficientnet-b0-3d' });
  });
});
