import { describe, expect, it } from 'vitest';

import { countAssignments, reached, request, simulate, type Train } from './simulation.ts';

/** Deterministic noise of +-0.002 by candidate and seed. */
function noise(fingerprint: string, seed: number): number {
  return 0.002 * Math.sin(13 * fingerprint.charCodeAt(0) + 29 * seed);
}

function accuracies(means: Readonly<Record<string, number>>): Train {
  return ({ fingerprint, seed }) => reached((means[fingerprint] ?? 0) + noise(fingerprint, seed));
}

const racing = { kind: 'racing', batch: 2 };

describe('racing', () => {
  it('spends its seeds on those that may be the best', () => {
    const allocation = request({ ...racing, indifference: 0 }, Array<number>(8).fill(1), 20);
    const search = simulate(
      allocation,
      accuracies({ a: 0.95, b: 0.948, c: 0.9, d: 0.89, e: 0.88, f: 0.87, g: 0.86, h: 0.85 }),
    );
    const [a = 0, b = 0, ...others] = countAssignments(allocation, search);
    expect(Math.min(a, b)).toBeGreaterThan(Math.max(...others));
    expect(others.slice(3)).toEqual([1, 1, 1]);
    expect(search.decisions.at(-1)?.evidence.leader).toBe('a');
  });

  it('ends after two seeds each where one is plainly the best', () => {
    const allocation = request(racing, [1, 1, 1], 20);
    const search = simulate(allocation, accuracies({ a: 0.5, b: 0.95, c: 0.6 }));
    expect(search.decisions.at(-1)).toMatchObject({ stop: 'confidence', evidence: { leader: 'b' } });
    expect(search.assigned.length).toBeLessThanOrEqual(10);
  });

  it('ends by indifference where the best are alike', () => {
    const alike = request({ ...racing, indifference: 0.05 }, [1, 1, 1], 20);
    const { decisions } = simulate(alike, accuracies({ a: 0.95, b: 0.9501, c: 0.9502 }));
    expect(decisions.at(-1)?.stop).toBe('indifference');
  });

  it('gives candidates their seeds in the order of the list, so that they share the first ones', () => {
    const allocation = request(racing, [1, 1, 1], 6);
    const { assigned } = simulate(allocation, accuracies({ a: 0.95, b: 0.9499, c: 0.9498 }));
    for (const { fingerprint } of allocation.candidates) {
      const own = assigned.filter((one) => one.fingerprint === fingerprint).map(({ seed }) => seed);
      expect(own).toEqual(own.map((_, index) => index + 1));
    }
  });

  it('waits for what is under way before it ends, so that its last word is by all results', () => {
    const { decisions, assigned } = simulate(request(racing, [1, 1, 1], 20), accuracies({ a: 0.5, b: 0.95, c: 0.6 }));
    const latest = Math.max(...assigned.map(({ round }) => round));
    expect(decisions.length).toBeGreaterThanOrEqual(latest + 2);
  });

  it('makes up for a lost training with the next seed', () => {
    const means = { a: 0.95, b: 0.6, c: 0.5 };
    const { assigned, decisions } = simulate(request(racing, [1, 1, 1], 4), (assignment) =>
      assignment.fingerprint === 'a' && assignment.seed <= 2
        ? { state: 'failed', failedBy: 'infrastructure' }
        : accuracies(means)(assignment),
    );
    expect(assigned.some(({ fingerprint, seed }) => fingerprint === 'a' && seed === 3)).toBe(true);
    expect(decisions.at(-1)?.evidence.leader).toBe('a');
  });

  it('gives the best of those that never failed the lead', () => {
    const { decisions } = simulate(request(racing, [1, 1, 1], 4), (assignment) =>
      assignment.fingerprint === 'a' && assignment.seed === 2
        ? reached(Number.NaN)
        : accuracies({ a: 0.99, b: 0.95, c: 0.9 })(assignment),
    );
    expect(decisions.at(-1)?.evidence.leader).toBe('b');
    expect(decisions.flatMap(({ drops }) => drops).map(({ fingerprint }) => fingerprint)).toEqual(['a']);
  });

  it('answers for one candidate after its first training', () => {
    const search = simulate(request(racing, [1], 5), accuracies({ a: 0.9 }));
    expect(search.assigned).toHaveLength(1);
    expect(search.decisions.at(-1)).toMatchObject({
      stop: 'confidence',
      evidence: { leader: 'a', probabilityBest: 1 },
    });
  });

  it('answers where all results are identical: every candidate is as good as the best', () => {
    const search = simulate(request(racing, [1, 1, 1, 1], 5), () => reached(0.9));
    expect(search.decisions.at(-1)).toMatchObject({ stop: 'indifference', evidence: { probabilityIndifferent: 1 } });
  });

  it('has no answer where every training failed', () => {
    const { decisions } = simulate(request(racing, [1, 1], 3), () => ({ state: 'failed', failedBy: 'training' }));
    expect(decisions.at(-1)).toMatchObject({ stop: 'exhausted', evidence: { leader: null } });
  });

  it('ends with a budget of one trial after one trial, and says who was left out', () => {
    const allocation = request({ ...racing, budget: { trials: 1 } }, [1, 1, 1], 4);
    const { assigned, decisions } = simulate(allocation, accuracies({ a: 0.9, b: 0.95, c: 0.8 }));
    expect(assigned).toHaveLength(1);
    expect(decisions.at(-1)).toMatchObject({ stop: 'budget', evidence: { leader: 'a' } });
    expect(decisions.at(-1)?.drops.map(({ fingerprint }) => fingerprint)).toEqual(['b', 'c']);
  });

  it('assigns nothing more once the training minutes are spent, beyond what was under way', () => {
    const allocation = request({ ...racing, budget: { trainingMinutes: 3 } }, Array<number>(20).fill(1), 4);
    // Of one minute each: after two rounds of two, and the two rounds under way by then.
    const { assigned, decisions } = simulate(allocation, () => reached(0.9, 60));
    expect(assigned).toHaveLength(6);
    expect(decisions.at(-1)?.stop).toBe('budget');
  });

  it('with rungs trains few candidates to the end, and races those', () => {
    const allocation = request({ ...racing, rungs: {} }, Array<number>(12).fill(1), 8);
    const means = Object.fromEntries(
      allocation.candidates.map(({ fingerprint }, index) => [fingerprint, 0.95 - 0.01 * index]),
    );
    const { assigned, decisions } = simulate(allocation, accuracies(means));
    const ended = new Set(assigned.filter(({ epochs }) => epochs === null).map(({ fingerprint }) => fingerprint));
    expect([...ended].sort().join('')).toBe('abcde');
    expect(assigned.filter(({ seed }) => seed > 1).every(({ epochs }) => epochs === null)).toBe(true);
    expect(decisions.at(-1)?.evidence.leader).toBe('a');
    expect(
      decisions
        .flatMap(({ drops }) => drops.map(({ fingerprint }) => fingerprint))
        .sort()
        .join(''),
    ).toBe('fghijkl');
  });
});
