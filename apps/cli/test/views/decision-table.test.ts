import type { DecisionView } from '@compound-search/contracts';
import { searchRequestSchema } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { renderDecisions } from '../../src/views/decision-table.ts';
import { leaderboard, row, search } from '../samples.ts';
import { smallSearch } from '../small-search.ts';

const racing = searchRequestSchema.parse({ ...smallSearch, strategy: { kind: 'racing' } });
const opening: DecisionView = {
  round: 1,
  assignments: [
    { fingerprint: 'f1', seed: 1, epochs: 3 },
    { fingerprint: 'f2', seed: 1, epochs: null },
  ],
  drops: [],
  stop: null,
  evidence: { leader: null, probabilityBest: null, probabilityIndifferent: null },
  decidedAt: '2026-01-02T03:04:05.000Z',
};
const last: DecisionView = {
  ...opening,
  round: 2,
  assignments: [],
  drops: [{ fingerprint: 'f2', epochs: 3, reason: 'One in 3 goes on.' }],
  stop: 'confidence',
  evidence: { leader: 'f1', probabilityBest: 0.9512, probabilityIndifferent: 0.99 },
};

function render(changes: Parameters<typeof search>[0]): string {
  return renderDecisions({
    search: search(changes),
    decisions: [opening, last],
    leaderboard: leaderboard([row(), row({ fingerprint: 'f2', points: [] })]),
  });
}

describe('the decisions of a search as text', () => {
  it('show who was given what, what was known, who was dropped where and why, and why the search stopped', () => {
    const text = render({ request: racing, round: 2, stop: 'confidence' });
    const rows = text.split('\n').filter((line) => line.startsWith('│'));
    expect(
      rows.map((line) =>
        line
          .split('│')
          .map((cell) => cell.trim())
          .slice(1, -1),
      ),
    ).toEqual([
      ['round', 'candidate', 'seed', 'until epoch', 'leader before', 'best', 'as good'],
      ['1', '(1.2, 1.1, 1.15)', '1', '3', '', '', ''],
      ['', 'f2', '1', 'the last', '', '', ''],
      ['2', 'nothing', '', '', '(1.2, 1.1, 1.15)', '95.1 %', '99.0 %'],
    ]);
    expect(text).toContain('within 0.2 points of it');
    expect(text).toContain('Round 2: f2 gets nothing more after epoch 3. One in 3 goes on.');
    expect(text).toContain('Round 2 was the last: the leader is the best with the confidence that was asked for.');
  });

  it('say that more are to come while the search runs', () => {
    const text = render({ request: racing, round: 2, stop: null });
    expect(text).toContain('Round 2 is the last so far.');
    expect(text).not.toContain('was the last');
  });

  it('are none where every candidate gets every seed', () => {
    expect(render({})).toBe('Every candidate gets every seed: there is nothing to decide.');
  });
});
