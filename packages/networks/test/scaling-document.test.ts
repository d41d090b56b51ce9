import { readFileSync } from 'node:fs';

import { formulaCost, multipliers, type RoundingPolicyName, roundingPolicyNames } from '@compound-search/scaling';
import { describe, expect, it } from 'vitest';

import { findBaseline, reportNetwork, scaleBaseline, summarizeNetwork } from '../src/index.ts';

const document = readFileSync(new URL('../../../docs/scaling.md', import.meta.url), 'utf8');
const b0 = findBaseline('efficientnet-b0');
const paper = { alpha: 1.2, beta: 1.1, gamma: 1.15 };

/** Cells of the table rows under a heading, for rows whose first cell is accepted. */
function rowsUnder(heading: string, accept: (cell: string) => boolean): string[][] {
  const section = document.split(/^## /mu).find((part) => part.startsWith(heading)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    )
    .filter(([first]) => accept(first ?? ''));
}

describe('docs/scaling.md', () => {
  const isPolicy = (cell: string): cell is RoundingPolicyName => roundingPolicyNames.some((name) => name === cell);

  it('tells for every policy what B0 becomes at (1.4, 1.2, 1.3)', () => {
    const rows = rowsUnder('Rounding policies', isPolicy).filter((cells) => /^\d,/u.test(cells[1] ?? ''));
    const expected = roundingPolicyNames.map((policy) => {
      const report = reportNetwork(scaleBaseline(b0, { depth: 1.4, width: 1.2, resolution: 1.3 }, { policy }));
      const millions = (value: number, digits: number) =>
        `${(value / 1e6).toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })} M`;
      return [
        policy,
        report.repeats.join(),
        report.channels.join(', '),
        String(report.resolution[0]),
        millions(report.parameters, 2),
        millions(report.macs, 0),
      ];
    });
    expect(rows).toEqual(expected);
  });

  it('tells what negative phi gives', () => {
    const rows = rowsUnder('Below the baseline', (cell) => /^-\d$/u.test(cell));
    const base = reportNetwork(scaleBaseline(b0, multipliers(paper, 0))).macs;
    const expected = [-1, -2, -4].map((phi) => {
      const report = reportNetwork(scaleBaseline(b0, multipliers(paper, phi)));
      return [
        String(phi),
        String(report.resolution[0]),
        report.repeats.join(),
        report.parameters.toLocaleString('en'),
        report.macs.toLocaleString('en'),
        (report.macs / base).toFixed(2),
        (2 ** phi).toFixed(2),
      ];
    });
    expect(rows).toEqual(expected);
  });

  it.each([
    [1, 65],
    [8, 65],
    [32, 47],
  ])('counts the networks of its grid: at a resolution step of %d, %d', (resolutionStep, count) => {
    const values = (length: number) => Array.from({ length }, (_, index) => (100 + 5 * index) / 100);
    const points = values(21).flatMap((alpha) =>
      values(9).flatMap((beta) => values(9).map((gamma) => ({ alpha, beta, gamma }))),
    );
    // The slack admits (1.9, 1, 1), whose distance from 2 is 0.1 but for a rounding error.
    const feasible = points.filter((point) => Math.abs(formulaCost(point) - 2) <= 0.1 + 1e-9);
    const networks = feasible.map((point) =>
      summarizeNetwork(scaleBaseline(b0, multipliers(point, 1), { rounding: { resolutionStep } })),
    );
    expect([points.length, feasible.length]).toEqual([1701, 109]);
    expect(new Set(networks.map((network) => network.fingerprint)).size).toBe(count);
    if (resolutionStep === 1) {
      const ratios = networks.map(({ totals }) => totals.macs / 385_814_752);
      expect([Math.min(...ratios).toFixed(1), Math.max(...ratios).toFixed(1)]).toEqual(['1.9', '3.3']);
    }
  });
});
