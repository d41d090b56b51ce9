import { constraintSchema } from '@compound-search/contracts';
import { scaleBaseline, summarizeNetwork, trainingMemory } from '@compound-search/networks';
import { describe, expect, it } from 'vitest';

import { base, constraint, pointsOf, ratioAt, refusal, training } from './exact-request.ts';

describe('maxima beside the constraint', () => {
  const wide = { measure: 'macs' as const, tolerance: 0.5 };

  it.each([
    ['macsRatio', { macsRatio: 2 }, 'macs', 2],
    ['parametersRatio', { parametersRatio: 1.3 }, 'parameters', 1.3],
    ['activationsRatio', { activationsRatio: 1.7 }, 'activations', 1.7],
    ['memoryRatio', { memoryRatio: 1.7 }, 'memory', 1.7],
  ] as const)('leave what is within %s, by an exact measure and by the formula alike', (_, maximum, measure, most) => {
    for (const held of ['macs', 'formula'] as const) {
      const all = pointsOf({ constraint: constraint({ ...wide, measure: held }) });
      const expected = all.filter((point) => ratioAt(point, measure) <= most);
      expect(expected.length).toBeGreaterThan(0);
      expect(expected.length).toBeLessThan(all.length);
      expect(pointsOf({ constraint: constraint({ ...wide, measure: held, maximum }) })).toEqual(expected);
    }
  });

  it('may be given as absolute numbers', () => {
    const { totals } = summarizeNetwork(scaleBaseline(base.baseline, { depth: 1, width: 1, resolution: 1 }));
    const byRatio = pointsOf({ constraint: constraint({ ...wide, maximum: { macsRatio: 2, memoryRatio: 1.9 } }) });
    const maximum = { macs: 2 * totals.macs, memoryBytes: 1.9 * trainingMemory(totals, training).total };
    expect(pointsOf({ constraint: constraint({ ...wide, maximum }) })).toEqual(byRatio);
  });

  it.each(['macs', 'formula'] as const)(
    'are refused where nothing is left, with maxima that leave something (%s)',
    (measure) => {
      const maximum = { macsRatio: 1.1, parameters: 10 };
      const error = refusal({ constraint: constraint({ ...wide, measure, maximum }) });
      expect(error.code).toBe('GRID_INFEASIBLE');
      const raised = [...(error.remedy ?? '').matchAll(/constraint\.maximum\.(\w+) to ([\d.e+-]+\d)/g)].map(
        ([, name, value]) => [String(name), Number(value)] as const,
      );
      expect(error.field).toBe(`constraint.maximum.${raised[0]?.[0]}`);
      const enough = { ...maximum, ...Object.fromEntries(raised) };
      expect(pointsOf({ constraint: constraint({ ...wide, measure, maximum: enough }) }).length).toBeGreaterThan(0);
    },
  );
});

describe('a constraint that does not fit its grid is refused', () => {
  const tune = 'constraint.tuneResolution';
  const unit = { alpha: [1, 1.2], beta: [1], gamma: [1] };
  it.each([
    [
      'a tuned resolution with the formula',
      { constraint: constraintSchema.parse({ tuneResolution: true }) },
      {
        code: 'CONSTRAINT_INVALID',
        field: tune,
        value: true,
        remedy: 'Set constraint.measure to macs, activations or memory.',
      },
    ],
    [
      'a tuned resolution with parameters, which do not depend on it',
      { constraint: constraint({ measure: 'parameters', tuneResolution: true }) },
      {
        code: 'CONSTRAINT_INVALID',
        field: tune,
        value: true,
        remedy: 'Set constraint.measure to macs, activations or memory.',
      },
    ],
    [
      'a tuned resolution with one gamma',
      { grid: unit, constraint: constraint({ tuneResolution: true }) },
      { code: 'CONSTRAINT_INVALID', field: tune, value: true, remedy: 'Give grid.gamma several values, or "solve".' },
    ],
    [
      'an alpha solved for exact cost',
      { grid: { ...unit, alpha: 'solve' as const } },
      {
        code: 'AXIS_INVALID',
        field: 'grid.alpha',
        value: 'solve',
        remedy: 'Solve gamma, whose steps are single pixels, or set constraint.measure to formula.',
      },
    ],
    [
      'a beta solved for exact cost',
      { grid: { ...unit, beta: 'solve' as const } },
      {
        code: 'AXIS_INVALID',
        field: 'grid.beta',
        value: 'solve',
        remedy: 'Solve gamma, whose steps are single pixels, or set constraint.measure to formula.',
      },
    ],
    [
      'a gamma solved for parameters',
      { grid: { ...unit, gamma: 'solve' as const }, constraint: constraint({ measure: 'parameters' }) },
      {
        code: 'AXIS_INVALID',
        field: 'grid.gamma',
        value: 'solve',
        remedy: 'Give values or a range, or set constraint.measure to macs.',
      },
    ],
  ])('%s', (_, changes, expected) => {
    expect(refusal(changes)).toMatchObject(expected);
  });
});
