import type { BaselineView, Plan, Problem, SearchView } from '@compound-search/contracts';
import { findBaseline } from '@compound-search/networks';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { claimNext } from '../../../../packages/search/test/simulated-worker.ts';
import { useService } from '../service.ts';

const service = useService();

const micro = findBaseline('efficientnet-micro');
const own = { ...micro, name: 'narrow-micro', stem: { ...micro.stem, channels: 4 } };

function post(url: string, payload: object) {
  return service().app.inject({ method: 'POST', url, payload });
}
function stages(change: object) {
  return micro.stages.map((stage, index) => (index === 1 ? { ...stage, ...change } : stage));
}

const faults = [
  ['a stride larger than the map', { ...own, stages: stages({ stride: 64 }) }, 'stages.1.stride'],
  ['an unknown activation', { ...own, activation: 'tanh' }, 'activation'],
  [
    'a residual that nothing bridges',
    { ...own, stages: stages({ shortcut: 'identity', stride: 2 }) },
    'stages.1.shortcut',
  ],
] as const;

describe('POST /v1/baselines', () => {
  it.each(faults)('refuses %s with its path and stores nothing', async (_because, network, field) => {
    for (const [url, payload, place] of [
      ['/v1/baselines', network, field],
      ['/v1/searches', sampleRequest({ baseline: network }), `baseline.${field}`],
    ] as const) {
      const response = await post(url, payload);
      expect(response.statusCode).toBe(422);
      expect(response.json()).toMatchObject({ code: 'NETWORK_INVALID', field: place });
    }
    expect(await service().countRows()).toBe(0);
  });

  it('registers a network once: the same again changes nothing, another under its name is refused', async () => {
    const first = await post('/v1/baselines', own);
    expect(first.statusCode).toBe(201);
    expect(first.headers.location).toBe('/v1/baselines/narrow-micro');
    expect(first.json<BaselineView>()).toMatchObject({ name: 'narrow-micro', registered: true });
    const reordered = Object.fromEntries(Object.entries(own).toReversed());
    expect((await post('/v1/baselines', reordered)).statusCode).toBe(200);
    const other = await post('/v1/baselines', { ...own, classes: 3 });
    expect(other.statusCode).toBe(409);
    expect(other.json()).toMatchObject({ code: 'BASELINE_EXISTS', field: 'name', value: 'narrow-micro' });
    const builtIn = await post('/v1/baselines', { ...micro });
    expect(builtIn.statusCode).toBe(409);
    const { app } = service();
    const listed = (await app.inject('/v1/baselines')).json<BaselineView[]>();
    expect(listed.filter(({ registered }) => registered).map(({ name }) => name)).toEqual(['narrow-micro']);
    expect((await app.inject('/v1/baselines/narrow-micro')).json()).toEqual(own);
    expect((await app.inject('/v1/baselines/none')).json<Problem>().code).toBe('NOT_FOUND');
  });
});

describe("a search over a person's own network", () => {
  it('plans the same networks by name and by description', async () => {
    await post('/v1/baselines', own);
    const [named, described, builtIn] = await Promise.all(
      ['narrow-micro', own, micro.name].map((baseline) => post('/v1/plans', sampleRequest({ baseline }))),
    );
    expect(named?.json<Plan>()).toEqual(described?.json<Plan>());
    expect(named?.json<Plan>().baseline.parameters).toBeLessThan(builtIn?.json<Plan>().baseline.parameters ?? 0);
  });

  it('gives every trial the description itself', async () => {
    await post('/v1/baselines', own);
    for (const baseline of ['narrow-micro', own]) {
      const response = await post('/v1/searches', sampleRequest({ baseline, seeds: [1] }));
      expect(response.statusCode).toBe(202);
      const search = response.json<SearchView>();
      expect(search.request.baseline).toEqual(baseline);
      expect((await claimNext(service().store))?.specification.baseline).toEqual(own);
      await post(`/v1/searches/${search.id}/cancel`, {});
    }
  });

  it('is refused where TensorFlow could not train it, before anything is stored', async () => {
    const before = await service().countRows();
    const response = await post(
      '/v1/searches',
      sampleRequest({ baseline: { ...own, stages: stages({ stride: [1, 2] }) } }),
    );
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({ field: 'baseline.stages.1.stride', value: [1, 2] });
    expect(await service().countRows()).toBe(before);
  });
});
