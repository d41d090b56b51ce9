import { describe, expect, it } from 'vitest';

import { effectivePhi, efficientnetCoefficients, findPublishedNetwork, phiForCost } from '../src/index.ts';

/** MACs of the published networks, which the networks package counts to the unit. */
const macs: Readonly<Record<string, number>> = {
  b0: 385_814_752,
  b1: 686_802_832,
  b2: 993_561_872,
  b3: 1_827_141_392,
  b4: 4_393_771_024,
  b5: 10_266_384_752,
  b6: 19_067_593_536,
  b7: 37_745_884_192,
};

describe('effective phi', () => {
  it.each([
    ['b1', [0.52, 0, 0.49, 0.83]],
    ['b2', [1, 1, 1.07, 1.36]],
    ['b3', [1.85, 1.91, 2.09, 2.24]],
    ['b4', [3.22, 3.53, 3.78, 3.51]],
    ['b5', [4.32, 4.93, 5.09, 4.73]],
    ['b6', [5.24, 6.17, 6.14, 5.63]],
    ['b7', [6.21, 7.27, 7.05, 6.61]],
  ])('of %s is %j by depth, width, resolution and MACs', (name, expected) => {
    const published = findPublishedNetwork(name);
    const macsRatio = (macs[name] ?? 0) / (macs['b0'] ?? 1);
    const phi = effectivePhi(
      { depth: published.depth, width: published.width, resolution: published.resolution / 224, macsRatio },
      efficientnetCoefficients,
    );
    const rounded = [phi.depth, phi.width, phi.resolution, phi.macs].map((value) => Number(value?.toFixed(2)));
    expect(rounded).toEqual(expected);
  });

  it('is null where a coefficient of 1 fixes nothing', () => {
    const measures = { depth: 2, width: 1, resolution: 1, macsRatio: 2 };
    expect(effectivePhi(measures, { alpha: 2, beta: 1, gamma: 1 })).toEqual({
      depth: 1,
      width: null,
      resolution: null,
      macs: 1,
    });
  });

  it('refuses a measure that is not positive', () => {
    const measures = { depth: 0, width: 1, resolution: 1, macsRatio: 2 };
    expect(() => effectivePhi(measures, efficientnetCoefficients)).toThrow(
      expect.objectContaining({ code: 'COEFFICIENT_INVALID', field: 'depth' }),
    );
  });

  it("of a cost of 2 by the formula is above 1, since the paper's coefficients multiply to 1.92", () => {
    expect(phiForCost(1.92027, efficientnetCoefficients)).toBeCloseTo(1, 6);
    expect(phiForCost(2, efficientnetCoefficients)).toBeGreaterThan(1);
    expect(phiForCost(2, { alpha: 1, beta: 1, gamma: 1 })).toBeNull();
  });
});
