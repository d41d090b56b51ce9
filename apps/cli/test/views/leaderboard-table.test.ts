import { describe, expect, it } from 'vitest';

import { renderLeaderboard, type WinnerTest } from '../../src/views/leaderboard-table.ts';
import { leaderboard, rankingCounts, row } from '../samples.ts';

/** The cells of the table's lines, headings first. */
function cells(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const winner: WinnerTest = { fingerprint: 'f1', testAccuracy: { mean: 0.9688, standardError: 0.0012, seeds: 2 } };

describe('the leaderboard as a table', () => {
  it('shows what a candidate costs and how well it does', () => {
    const [headings, first] = cells(renderLeaderboard(leaderboard([row()]), winner));
    expect(Object.fromEntries((headings ?? []).map((heading, index) => [heading, first?.[index]]))).toEqual({
      rank: '1',
      alpha: '1.2',
      beta: '1.1',
      gamma: '1.15',
      product: '1.920',
      MACs: '1.34 M',
      ratio: '2.41',
      parameters: '45.9 k',
      pixels: '24',
      accuracy: '97.12 %',
      '95 %': '96.5-97.6',
      tied: '',
      best: '61 %',
    });
  });

  it('shows who is tied, and how probable it is of each that it is the best', () => {
    const second = row({ fingerprint: 'f2', rank: 2, tied: true, probabilityBest: 0.004 });
    const third = row({ fingerprint: 'f3', rank: 3, probabilityBest: null });
    const lines = cells(renderLeaderboard(leaderboard([row(), second, third])));
    expect(lines.map((line) => line.at(-2))).toEqual(['tied', '', 'tied', '']);
    expect(lines.map((line) => line.at(-1))).toEqual(['best', '61 %', '0 %', '']);
  });

  it('shows what listed points stand for in the place of their product', () => {
    const points = [
      { alpha: 2, beta: 1, gamma: 1, product: 2, label: 'depth-only' },
      { alpha: 2.1, beta: 1, gamma: 1, product: 2.1, label: 'the same after rounding' },
    ];
    const [headings, first, second] = cells(renderLeaderboard(leaderboard([row({ points }), row({ rank: 2 })])));
    expect(headings?.slice(0, 6)).toEqual(['rank', 'alpha', 'beta', 'gamma', 'label', 'MACs']);
    expect(first?.[4]).toBe('depth-only = the same a…');
    expect(second?.[4]).toBe('');
  });

  it('shows losses where candidates are ranked by them', () => {
    const byLoss = row({
      validationLoss: { mean: 0.12345, standardError: 0.01, seeds: 2 },
      expectedAccuracy: null,
      expectedLoss: { mean: 0.125, interval: [0.1012, 0.1487] },
    });
    const text = renderLeaderboard(leaderboard([byLoss, row({ rank: null, validationAccuracy: null })]));
    const [headings, first] = cells(text);
    expect(headings?.slice(-5)).toEqual(['accuracy', 'loss', '95 %', 'tied', 'best']);
    expect(first?.slice(-5, -2)).toEqual(['97.12 %', '0.1235', '0.101-0.149']);
    expect(text).toContain('95 %: between what the loss lies over all seeds');
  });

  it("ends with the winner's test accuracy where it is known", () => {
    const second = row({ fingerprint: 'f2', rank: 2 });
    const text = renderLeaderboard(leaderboard([second, row()]), winner);
    expect(text).toContain('Test accuracy of (1.2, 1.1, 1.15): 96.88 ± 0.12 %.');
    expect(renderLeaderboard(leaderboard([row()]))).not.toContain('Test accuracy');
  });

  it('fits 120 columns', () => {
    const points = [{ alpha: 1.25, beta: 1.15, gamma: 1.125, product: 1.92 }];
    const wide = row({ points, rank: 1200, tied: true, parameters: 123_456_789, resolution: [240, 240] });
    const [frame = ''] = renderLeaderboard(leaderboard([wide]), winner).split('\n');
    expect(frame.length).toBeLessThanOrEqual(120);
  });

  it('says where a candidate stands that has no result yet', () => {
    const unranked = { rank: null, validationAccuracy: null } as const;
    const rows = [
      row({ ...unranked, trials: rankingCounts({ queued: 4 }) }),
      row({ ...unranked, trials: rankingCounts({ queued: 3, running: 1 }) }),
      row({ ...unranked, trials: rankingCounts({ failed: 4, failedBy: { training: 1, infrastructure: 3 } }) }),
      row({ ...unranked, trials: rankingCounts({ failed: 4, failedBy: { training: 0, infrastructure: 4 } }) }),
      row({
        ...unranked,
        trials: rankingCounts({ failed: 1, queued: 3, failedBy: { training: 0, infrastructure: 1 } }),
      }),
      row({ ...unranked, trials: rankingCounts({ cancelled: 4 }) }),
    ];
    const lines = cells(renderLeaderboard(leaderboard(rows)));
    expect(lines.map((line) => line.at(-4)).slice(1)).toEqual([
      'queued',
      'running',
      'failed',
      'lost',
      'queued',
      'cancelled',
    ]);
    expect(lines.slice(1).every(([rank]) => rank === '')).toBe(true);
  });

  it('names all grid points that are the same network', () => {
    const points = [
      { alpha: 1.2, beta: 1.1, gamma: 1.15, product: 1.92 },
      { alpha: 1.25, beta: 1.1, gamma: 1.15, product: 2.0 },
      { alpha: 1.3, beta: 1.1, gamma: 1.15, product: 2.08 },
    ];
    expect(renderLeaderboard(leaderboard([row({ points })]))).toContain(
      '(1.2, 1.1, 1.15) is the same network as (1.25, 1.1, 1.15), (1.3, 1.1, 1.15).',
    );
    expect(renderLeaderboard(leaderboard([row()]))).not.toContain('same network');
  });
});
