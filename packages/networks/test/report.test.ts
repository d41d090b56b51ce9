import { describe, expect, it } from 'vitest';

import { findBaseline, reportFamily, reportNetwork, scaleBaseline } from '../src/index.ts';
import { measure } from './measure.ts';

const b0 = findBaseline('efficientnet-b0');
const paper = { alpha: 1.2, beta: 1.1, gamma: 1.15 };

describe('a report', () => {
  it('holds what was resolved and what it costs', () => {
    const report = reportNetwork(scaleBaseline(b0, { depth: 1.8, width: 1.4, resolution: 1 }, { resolution: 380 }));
    const { cost } = measure('efficientnet-b0', { depth: 1.8, width: 1.4, resolution: 380 });
    expect(report).toMatchObject({
      baseline: 'efficientnet-b0',
      policy: 'tensorflow',
      resolution: [380, 380],
      repeats: [2, 4, 4, 6, 6, 8, 2],
      channels: [48, 24, 32, 56, 112, 160, 272, 448, 1792],
      parameters: 19_341_616,
      parametersWithStatistics: 19_466_816,
      macs: 4_393_771_024,
      macsWithBias: 4_393_801_064,
      activations: 49_489_032,
      finalMap: cost.finalMap,
      notes: [],
    });
  });

  it('says when the image is too small for the strides', () => {
    const report = reportNetwork(scaleBaseline(b0, { depth: 1, width: 1, resolution: 1 }, { resolution: 32 }));
    expect(report.finalMap).toEqual([1, 1]);
    expect(report.notes).toHaveLength(1);
    expect(report.notes[0]).toContain('32x32');
  });
});

describe('a family', () => {
  it('has one row a phi, with its multipliers and its notes', () => {
    const family = reportFamily(b0, paper, { phis: [-1, 0, 1] });
    expect(family.map((row) => [row.phi, row.resolution[0], row.parameters, row.macs, row.notes.length])).toEqual([
      [-1, 195, 4_548_152, 301_557_888, 1],
      [0, 224, 5_288_548, 385_814_752, 0],
      [1, 258, 9_109_994, 992_629_472, 0],
    ]);
    expect(family[2]?.multipliers).toEqual({ depth: 1.2, width: 1.1, resolution: 1.15 });
  });

  it('stands apart from the published networks: phi 7 is not B7', () => {
    const [member] = reportFamily(b0, paper, { phis: [7] });
    expect(member?.resolution).toEqual([596, 596]);
    expect(member?.parameters).not.toBe(66_347_960);
  });
});
