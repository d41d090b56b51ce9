import type { NetworkDocument } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sampleNetwork, samplePlan, sampleRequest } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';

const scratch = useScratchStore();

function network(name: string, width = 8): NetworkDocument {
  return {
    name,
    stem: { channels: width, kernel: 3 },
    classes: 2,
  };
}

describe('registered networks', () => {
  it('are listed in the order of their registration and found by name', async () => {
    const { store } = scratch();
    const documents = [network('zebra'), network('ant')];
    for (const document of documents) expect(await store.registerBaseline(document)).toBe('registered');
    expect((await store.listBaselines()).slice(-2)).toEqual(documents);
    expect(await store.getBaseline('ant')).toEqual(documents[1]);
    expect(await store.getBaseline('bee')).toBeNull();
  });

  it('are the same whatever the order of their keys, and never replaced', async () => {
    const { store } = scratch();
    await store.registerBaseline(network('fixed'));
    const reordered = { classes: 2, stem: { kernel: 3, channels: 8 }, name: 'fixed' };
    expect(await store.registerBaseline(reordered)).toBe('same');
    expect(await store.registerBaseline(network('fixed', 16))).toBe('taken');
    expect(await store.getBaseline('fixed')).toEqual(network('fixed'));
  });

  it('go to one of several that register the same name at once', async () => {
    const { store } = scratch();
    const widths = [8, 16, 24, 32, 40, 48];
    const outcomes = await Promise.all(widths.map((width) => store.registerBaseline(network('contended', width))));
    expect(outcomes.toSorted()).toEqual(['registered', 'taken', 'taken', 'taken', 'taken', 'taken']);
    expect(await store.getBaseline('contended')).toEqual(network('contended', widths[outcomes.indexOf('registered')]));
  });
});

describe('the network of a search', () => {
  it('goes to its trials as it was stored, while the search shows the request as it was posted', async () => {
    const { store } = scratch();
    const request = sampleRequest({ baseline: 'fixed', seeds: [1] });
    const { searchId, trials } = await store.createSearch({ request, network: sampleNetwork, plan: samplePlan(1) });
    const [trial] = trials;
    if (trial === undefined) throw new Error('A search has a trial');
    const claimed = await store.claimTrial({ ...trial, workerId: 'worker', leaseSeconds: 15 });
    expect(claimed?.specification.baseline).toEqual(sampleNetwork);
    expect((await store.getSearch(searchId))?.request.baseline).toBe('fixed');
  });
});
