import { buildNetwork, findBaseline, scaleBaseline } from '@compound-search/networks';
import { describe, expect, it } from 'vitest';

import { measureLatency } from '../../src/index.ts';
import { loadInference } from '../../src/latency/inference.ts';
import { loadAddon } from '../../src/tensorflow/addon.ts';

const network = buildNetwork(scaleBaseline(findBaseline('efficientnet-micro'), { depth: 1, width: 1, resolution: 1 }));

describe('a measured latency', () => {
  it('has the quartiles of its runs in order, and says what it was measured on', async () => {
    const latency = await measureLatency({ network, runs: 5, warmUp: 1 });
    const { minimum, lowerQuartile, median, upperQuartile } = latency;
    const inOrder = [minimum, lowerQuartile, median, upperQuartile];
    expect(inOrder).toEqual(inOrder.toSorted((one, other) => one - other));
    expect(minimum).toBeGreaterThan(0);
    expect(latency).toMatchObject({ runs: 5, warmUp: 1, tensorflow: loadAddon().TF_Version });
  });

  it('is of a network that infers: probabilities that sum to 1, the same every time', async () => {
    const inference = await loadInference(loadAddon(), network);
    const [once, again] = [inference.run(), inference.run()];
    inference.close();
    expect(once).toHaveLength(10);
    expect(once.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    expect(new Set(once).size).toBeGreaterThan(1);
    expect(again).toEqual(once);
  });

  it('fails as its process does', async () => {
    const broken = { ...network, layers: network.layers.slice(1) };
    await expect(measureLatency({ network: broken, runs: 1, warmUp: 0 })).rejects.toMatchObject({
      code: 'TRIAL_FAILED',
    });
  });
});
