import { publishedNetworks } from '@compound-search/scaling';
import { describe, expect, it } from 'vitest';

import { effectivePhiOf, findBaseline, reportNetwork, scaleBaseline, scalePublished } from '../../src/index.ts';
import { measure } from '../measure.ts';

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

describe('a published network', () => {
  it.each([...publishedNetworks.values()])('$name has its own resolution, dropout and policy', (row) => {
    const architecture = scalePublished(row.name);
    expect(architecture.baseline.name).toBe(row.baseline);
    expect(architecture.policy.name).toBe(row.policy);
    expect(architecture.resolution).toEqual([row.resolution, row.resolution]);
    expect(architecture.dropoutRate).toBe(row.dropoutRate);
    expect(reportNetwork(architecture).macs).toBeGreaterThan(0);
  });

  it('may be asked for other classes and another resolution', () => {
    const architecture = scalePublished('b2', { classes: 10, resolution: 288 });
    expect([architecture.classes, architecture.resolution]).toEqual([10, [288, 288]]);
  });

  it('lies at another phi by each measure: B7 at 6.21, 7.27, 7.05 and 6.61 (tensorflow/tpu 390, 738)', () => {
    const phi = effectivePhiOf(scalePublished('b7'), paper);
    const rounded = [phi.depth, phi.width, phi.resolution, phi.macs].map((value) => Number(value?.toFixed(2)));
    expect(rounded).toEqual([6.21, 7.27, 7.05, 6.61]);
  });

  it('of the formula lies at its own phi by depth and width, but not by MACs', () => {
    const phi = effectivePhiOf(scaleBaseline(b0, { depth: 1.2, width: 1.1, resolution: 1.15 }), paper);
    expect(phi.depth).toBeCloseTo(1, 12);
    expect(phi.width).toBeCloseTo(1, 12);
    expect(phi.macs).toBeCloseTo(Math.log2(992_629_472 / 385_814_752), 12);
  });
});
