import { recipeSchema } from '@compound-search/contracts';
import { baselines, buildNetwork, candidateArchitecture, scaleBaseline } from '@compound-search/networks';
import fc from 'fast-check';
import { describe, it } from 'vitest';

import { expectAgreement } from './lowered-cost.ts';
import { randomNetworks } from './random-network.ts';

const recipe = recipeSchema.parse({});
const planar = [...baselines.values()].filter(({ input }) => input.spatial.length === 2);

describe('lowerNetwork', () => {
  it.each(planar.map((baseline) => [baseline.name, baseline] as const))(
    'gives a graph with the parameters and multiply-adds that %s is costed at',
    (_, baseline) => {
      expectAgreement(buildNetwork(scaleBaseline(baseline, { depth: 1, width: 1, resolution: 1 })));
    },
  );

  it.each(planar.map((baseline) => [baseline.name, baseline] as const))(
    'agrees with the cost of %s for any coefficients, layer by layer',
    (_, baseline) => {
      const multiplier = fc.double({ min: 0.4, max: 1.6, noNaN: true });
      const side = fc.integer({ min: 40, max: 75 });
      const scaled = fc.record({ depth: multiplier, width: multiplier, sides: fc.tuple(side, side) });
      fc.assert(
        fc.property(scaled, ({ depth, width, sides }) => {
          const options = { resolution: sides, classes: 7, input: { channels: 3 } };
          expectAgreement(buildNetwork(scaleBaseline(baseline, { depth, width, resolution: 1 }, options)));
        }),
        { numRuns: 8 },
      );
    },
  );

  it('agrees with the cost of candidates, as they are planned and trained', () => {
    const multiplier = fc.double({ min: 0.4, max: 2.2, noNaN: true });
    fc.assert(
      fc.property(fc.record({ depth: multiplier, width: multiplier, resolution: multiplier }), (multipliers) => {
        const request = { baseline: 'efficientnet-micro', multipliers, channels: 3, classes: 7, recipe };
        expectAgreement(buildNetwork(candidateArchitecture(request)));
      }),
      { numRuns: 25 },
    );
  });

  it.each(Object.entries(randomNetworks))('agrees with the cost of 200 random networks of %s blocks', (_, network) => {
    fc.assert(fc.property(network, expectAgreement), { numRuns: 200 });
  });
});
