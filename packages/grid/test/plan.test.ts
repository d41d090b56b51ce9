import { CompoundSearchError, type Constraint, constraintSchema, searchPlanSchema } from '@compound-search/contracts';
import { buildNetwork, findBaseline, fingerprint, networkCost, scaleBaseline } from '@compound-search/networks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type PlanRequest, planSearch } from '../src/index.ts';

const baseline = findBaseline('efficientnet-micro');
const scaling = { classes: 10, input: { channels: 1 } };
const constraint: Constraint = constraintSchema.parse({});
function axis(to: number) {
  return { from: 1, to, step: 0.05 };
}
const request: PlanRequest = {
  grid: { alpha: axis(2), beta: axis(1.4), gamma: axis(1.4) },
  constraint,
  baseline,
  scaling,
  image: { height: 28, width: 28 },
};

function refusal(changes: Partial<PlanRequest>): CompoundSearchError {
  try {
    planSearch({ ...request, ...changes });
  } catch (error) {
    if (error instanceof CompoundSearchError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('a plan', () => {
  const plan = planSearch(request);

  it('keeps every feasible point, each with exactly one candidate', () => {
    expect(plan.points).toBe(1701);
    expect(plan.feasiblePoints).toBe(109);
    const points = plan.candidates.flatMap((candidate) => candidate.points);
    expect(points).toHaveLength(109);
    expect(new Set(points.map(({ alpha, beta, gamma }) => [alpha, beta, gamma].join())).size).toBe(109);
  });

  it('has as many candidates as the points have different networks when each is built', () => {
    const byPoint = plan.candidates.flatMap((candidate) =>
      candidate.points.map(({ alpha, beta, gamma }) => {
        const multipliers = { depth: alpha, width: beta, resolution: gamma };
        const built = fingerprint(buildNetwork(scaleBaseline(baseline, multipliers, scaling)));
        expect(built).toBe(candidate.fingerprint);
        return built;
      }),
    );
    expect(new Set(byPoint).size).toBe(plan.candidates.length);
    expect(plan.candidates.length).toBeLessThan(109);
  });

  it('gives each candidate the exact cost of its built network, and the ratio to that of the baseline', () => {
    const base = networkCost(buildNetwork(scaleBaseline(baseline, { depth: 1, width: 1, resolution: 1 }, scaling)));
    expect(plan.baseline).toEqual({
      parameters: base.parameters,
      macs: base.macs,
      activations: base.activations,
      resolution: baseline.input.spatial,
      classes: scaling.classes,
      inputChannels: scaling.input.channels,
    });
    for (const candidate of plan.candidates) {
      const architecture = scaleBaseline(baseline, candidate.multipliers, scaling);
      const { parameters, macs, activations } = networkCost(buildNetwork(architecture));
      expect(candidate).toMatchObject({ parameters, macs, activations, macsRatio: macs / base.macs });
      expect(candidate.repeats).toEqual(architecture.repeats);
      expect(candidate.channels).toEqual(architecture.channels);
      expect(candidate.resolution).toEqual(architecture.resolution);
    }
  });

  it('trains 65 networks of EfficientNet-B0 for 109 points, which round to no more', () => {
    const image = { height: 224, width: 224 };
    const b0 = planSearch({ ...request, baseline: findBaseline('efficientnet-b0'), scaling: { classes: 1000 }, image });
    expect(b0).toMatchObject({ points: 1701, feasiblePoints: 109, fellAway: { sameNetwork: 109 - 65 } });
    expect(b0.candidates).toHaveLength(65);
  });

  it('puts the point nearest to the target first and scales with it', () => {
    for (const { points, multipliers } of plan.candidates) {
      const distances = points.map(({ product }) => Math.abs(product - constraint.target));
      expect(distances).toEqual(distances.toSorted((one, other) => one - other));
      const [{ alpha, beta, gamma } = { alpha: 0, beta: 0, gamma: 0 }] = points;
      expect(multipliers).toEqual({ depth: alpha, width: beta, resolution: gamma });
    }
  });

  it('takes the smaller coefficients where two points are equally near to the target', () => {
    // In doubles 2 - 1.95 is 0.050000000000000044 and 2.05 - 2 is 0.04999999999999982.
    const grid = { alpha: [1.95, 2.05], beta: [1], gamma: [1] };
    const even = { ...baseline, rounding: { ...baseline.rounding, repeats: 'round' as const } };
    const [only, ...others] = planSearch({ ...request, grid, baseline: even }).candidates;
    expect(others).toEqual([]);
    expect(only?.points.map(({ alpha }) => alpha)).toEqual([1.95, 2.05]);
  });

  it('is the same whatever the order of the lists it was made from', () => {
    const values = [1, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.35, 1.4];
    const from = (beta: number[], gamma: number[]) => planSearch({ ...request, grid: { alpha: axis(2), beta, gamma } });
    fc.assert(
      fc.property(
        fc.shuffledSubarray(values, { minLength: 9 }),
        fc.shuffledSubarray(values, { minLength: 9 }),
        (a, b) => {
          expect(from(a, b)).toEqual(plan);
        },
      ),
      { numRuns: 5 },
    );
  });

  it('fits the schema that crosses the border, as JSON', () => {
    const rest = searchPlanSchema.omit({ work: true, expected: true });
    expect(rest.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  it('says which candidates enlarge the images', () => {
    expect(plan.candidates.some((candidate) => candidate.enlarges)).toBe(false);
    const small = planSearch({ ...request, image: { height: 28, width: 22 } });
    for (const { enlarges, resolution } of small.candidates) expect(enlarges).toBe((resolution[1] ?? 0) > 22);
    const count = small.candidates.filter((candidate) => candidate.enlarges).length;
    expect(count).toBeGreaterThan(0);
    expect(small.notes).toContain(
      `${count} of ${small.candidates.length} candidates enlarge the images beyond their own 28 x 22 pixels, ` +
        'which adds no information.',
    );
  });

  it('says how many networks the points are, and how far their exact costs lie apart', () => {
    const ratios = plan.candidates.map((candidate) => candidate.macsRatio);
    const least = Math.min(...ratios).toFixed(2);
    const most = Math.max(...ratios).toFixed(2);
    expect(plan.notes[0]).toContain(`The 109 points that meet the constraint round to ${plan.candidates.length} `);
    expect(plan.notes[1]).toContain(`from ${least} to ${most} times the baseline's multiply-adds`);
  });
});

describe('what fell away', () => {
  const none = { outsideConstraint: 0, belowMinimum: 0, overMaximum: 0, unbuildable: 0, samePoint: 0, sameNetwork: 0 };

  it('is counted by its reason, with what is left the whole grid', () => {
    const { fellAway, candidates } = planSearch(request);
    expect(fellAway).toEqual({ ...none, outsideConstraint: 1701 - 109, sameNetwork: 109 - candidates.length });
    const dear = candidates.filter(({ macsRatio }) => macsRatio > 2.2).flatMap(({ points }) => points);
    const capped = planSearch({ ...request, constraint: { ...constraint, maximum: { macsRatio: 2.2 } } });
    expect(capped.fellAway).toMatchObject({ outsideConstraint: 1701 - 109, overMaximum: dear.length });
    expect(capped.feasiblePoints).toBe(109 - dear.length);
  });

  it('includes solutions below the minimum, points beyond what can be costed, and points that tuning made equal', () => {
    const solved = planSearch({ ...request, grid: { alpha: 'solve', beta: [1, 1.5], gamma: [1, 1.3] } });
    // 2 / (1.5^2 * 1.3^2) = 0.53 and 2 / 1.5^2 = 0.89 are below 1; 2 and 2 / 1.3^2 = 1.18 are not.
    expect(solved.fellAway).toMatchObject({ outsideConstraint: 0, belowMinimum: 2 });
    const exact = { ...constraint, measure: 'macs' as const, tolerance: 1 };
    const large = planSearch({ ...request, grid: { alpha: [1, 1000], beta: [1], gamma: [1, 1.4] }, constraint: exact });
    expect(large.fellAway).toMatchObject({ unbuildable: 2, outsideConstraint: 0 });
    const tuned = planSearch({
      ...request,
      grid: { alpha: [1], beta: [1], gamma: [1.2, 1.6] },
      constraint: { ...exact, tolerance: 0.2, tuneResolution: true },
    });
    expect(tuned.feasiblePoints + tuned.fellAway.samePoint + tuned.fellAway.outsideConstraint).toBe(2);
  });
});

describe('a plan warns', () => {
  const papers = { alpha: [1.2, 2], beta: [1, 1.1], gamma: [1, 1.15] };
  const codes = (changes: Partial<PlanRequest>) =>
    planSearch({ ...request, ...changes }).warnings.map(({ code }) => code);

  it('of costs that differ by more than a tenth, and of none that do not', () => {
    expect(codes({})).toEqual(['COSTS_DIFFER']);
    expect(codes({ grid: { alpha: [2], beta: [1], gamma: [1] } })).toEqual([]);
  });

  it("of a tolerance that leaves out the paper's point where the grid has it", () => {
    const strict = { ...constraint, tolerance: 0.05 };
    expect(codes({ grid: papers, constraint: strict })).toEqual(['PAPERS_POINT_LEFT_OUT']);
    expect(codes({ grid: papers, constraint: { ...constraint, tolerance: 0.08 } })).not.toContain(
      'PAPERS_POINT_LEFT_OUT',
    );
    expect(codes({ grid: { ...papers, alpha: [1.25, 2] }, constraint: strict })).not.toContain('PAPERS_POINT_LEFT_OUT');
    expect(codes({ grid: papers, constraint: { ...strict, target: 2.05 } })).not.toContain('PAPERS_POINT_LEFT_OUT');
  });

  it('in words that are among the notes', () => {
    const { warnings, notes } = planSearch(request);
    for (const { message } of warnings) expect(notes).toContain(message);
  });
});

describe('a plan is refused', () => {
  it('at the first candidate too many, and accepted with exactly as many as there are', () => {
    const count = planSearch(request).candidates.length;
    expect(refusal({ limits: { maximumCandidates: count - 1 } })).toMatchObject({
      code: 'TOO_MANY_CANDIDATES',
      field: 'grid',
      value: count,
    });
    expect(planSearch({ ...request, limits: { maximumCandidates: count } }).candidates).toHaveLength(count);
    expect(refusal({ limits: { maximumCandidates: 3 } }).message).toContain('at least 4 different networks; at most 3');
  });

  it('where no point meets the constraint', () => {
    expect(refusal({ constraint: { ...constraint, target: 500 } }).code).toBe('GRID_INFEASIBLE');
  });

  it('where a point is larger than any network that can be costed', () => {
    const grid = { alpha: [1000], beta: [1], gamma: [1] };
    const deep = { ...constraint, target: 1000 };
    expect(refusal({ grid, constraint: deep }).code).toBe('NETWORK_INVALID');
  });
});

describe('a plan of listed points', () => {
  const points = [
    { alpha: 3, beta: 1, gamma: 1, label: 'deep' },
    { alpha: 1.2, beta: 1.1, gamma: 1.15 },
    { alpha: 1, beta: 1, gamma: 1, label: 'unscaled' },
    { alpha: 1.2, beta: 1.1, gamma: 1.15 },
    { alpha: 1, beta: 1, gamma: 1, label: 'baseline' },
  ];
  const listed = { ...request, grid: undefined, points };

  it('takes each as it is and where it stands, however far from the target', () => {
    const plan = planSearch(listed);
    expect(plan).toMatchObject({ points: 4, feasiblePoints: 4 });
    expect(plan.candidates.map((candidate) => candidate.points)).toEqual([
      [{ alpha: 3, beta: 1, gamma: 1, product: 3, label: 'deep' }],
      [{ alpha: 1.2, beta: 1.1, gamma: 1.15, product: 1.92027 }],
      [
        { alpha: 1, beta: 1, gamma: 1, product: 1, label: 'unscaled' },
        { alpha: 1, beta: 1, gamma: 1, product: 1, label: 'baseline' },
      ],
    ]);
    expect(plan.candidates[2]?.macsRatio).toBe(1);
  });

  it('leaves out those over a maximum, and is refused where all are', () => {
    const within = (macsRatio: number) => ({
      ...listed,
      constraint: constraintSchema.parse({ maximum: { macsRatio } }),
    });
    expect(planSearch(within(1)).candidates).toHaveLength(1);
    expect(refusal(within(0.5))).toMatchObject({ code: 'GRID_INFEASIBLE', field: 'constraint.maximum.macsRatio' });
  });
});
