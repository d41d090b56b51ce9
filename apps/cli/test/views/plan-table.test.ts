import type { SearchPlan } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { renderPlan } from '../../src/views/plan-table.ts';
import { candidate } from '../samples.ts';

const plan: SearchPlan = {
  points: 125,
  feasiblePoints: 9,
  baseline: { parameters: 40_000, macs: 556_000, activations: 30_000, resolution: [20, 20] },
  candidates: [candidate],
  notes: ['The costs differ.', 'Images are enlarged.'],
  fellAway: {
    outsideConstraint: 110,
    belowMinimum: 0,
    overMaximum: 6,
    unbuildable: 0,
    samePoint: 0,
    sameNetwork: 8,
  },
  work: { trials: 2, macsTimesImages: 3.216e10, atMost: false },
  expected: null,
  warnings: [{ code: 'COSTS_DIFFER', message: 'The costs differ.' }],
};

describe('a plan for people', () => {
  it('says what fell away, and only for reasons that apply', () => {
    expect(renderPlan(plan)).toContain(
      '\nFell away: 110 outside the constraint, 6 over a maximum, 8 the same network as another point.\n',
    );
    const none = {
      outsideConstraint: 0,
      belowMinimum: 0,
      overMaximum: 0,
      unbuildable: 0,
      samePoint: 0,
      sameNetwork: 0,
    };
    expect(renderPlan({ ...plan, fellAway: none })).toContain('\nNo point fell away.\n');
  });

  it('says how much work it is, and how long it takes where that is known', () => {
    expect(renderPlan(plan)).toContain(
      '\nWork: 2 trials, 32.2 G MACs x images; how long that takes is known once a trial has completed here.\n',
    );
    const expected = { seconds: 65, macsTimesImagesPerSecond: 4.9e8, trials: 14 };
    expect(renderPlan({ ...plan, expected })).toContain(
      '\nWork: 2 trials, 32.2 G MACs x images; about 1 min 05 s at the speed of 14 earlier trials.\n',
    );
  });

  it('says that it is the most where the search decides on the way', () => {
    const work = { trials: 224, macsTimesImages: 3.6e12, atMost: true };
    const expected = { seconds: 7200, macsTimesImagesPerSecond: 5e8, trials: 14 };
    expect(renderPlan({ ...plan, work, expected })).toContain(
      '\nWork: at most 224 trials, at most 3.60 T MACs x images; at most about 2 h 00 min at the speed of 14 earlier trials.\n',
    );
  });

  it('shows the labels of listed points, where there are any', () => {
    expect(renderPlan(plan)).not.toContain('label');
    const labelled = { ...candidate, points: [{ alpha: 2, beta: 1, gamma: 1, product: 2, label: 'depth-only' }] };
    const text = renderPlan({ ...plan, candidates: [labelled, candidate] });
    expect(text).toMatch(/│ label +│ alpha │/);
    expect(text).toMatch(/│ depth-only │ +2 │/);
  });

  it('tells warnings from other notes', () => {
    expect(renderPlan(plan)).toContain('\nWarning: The costs differ.\nNote: Images are enlarged.\n');
  });
});
