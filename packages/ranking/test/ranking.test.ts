import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { RankedCandidate, RankingTrial } from '../src/index.ts';
import { candidate, completed, ended, rankedRows, searches } from './generators.ts';

function order(rows: readonly RankedCandidate[]): string[] {
  return rows.map(({ fingerprint }) => fingerprint);
}
function find(rows: readonly RankedCandidate[], fingerprint: string): RankedCandidate {
  const row = rows.find((one) => one.fingerprint === fingerprint);
  if (row === undefined) throw new Error(`${fingerprint} has no row.`);
  return row;
}

/** Normal numbers by the sum of twelve uniform ones of a linear congruential generator. */
function gaussian(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return () => Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value, -6);
}

describe('the leaderboard', () => {
  it('is in the order of the mean validation accuracy where all have the same seeds', () => {
    const rows = rankedRows({
      candidates: [candidate('a'), candidate('b'), candidate('c')],
      trials: [...completed('a', [0.9, 0.92]), ...completed('b', [0.97, 0.95]), ...completed('c', [0.91, 0.93])],
    });
    expect(order(rows)).toEqual(['b', 'c', 'a']);
    expect(rows.map(({ rank }) => rank)).toEqual([1, 2, 3]);
    expect(rows.map(({ validationAccuracy }) => validationAccuracy?.mean)).toEqual([0.96, 0.92, 0.91]);
  });

  it('gives the standard error as the sample deviation over the root of the number of seeds', () => {
    const [row] = rankedRows({ candidates: [candidate('a')], trials: completed('a', [0.9, 0.92, 0.97]) });
    // Mean 0.93; deviations -0.03, -0.01, 0.04: sqrt((0.0009 + 0.0001 + 0.0016) / 2 / 3).
    expect(row?.validationAccuracy?.mean).toBe(0.93);
    expect(row?.validationAccuracy?.standardError).toBeCloseTo(Math.sqrt(0.0026 / 6), 12);
    expect(row?.validationAccuracy?.seeds).toBe(3);
  });

  it('knows no standard error and no difference from one seed, so that all rows are tied', () => {
    const rows = rankedRows({
      candidates: [candidate('a'), candidate('b')],
      trials: [...completed('a', [0.9]), ...completed('b', [0.1])],
    });
    expect(rows.map(({ validationAccuracy }) => validationAccuracy?.standardError)).toEqual([null, null]);
    expect(rows.map(({ tied }) => tied)).toEqual([true, true]);
    expect(rows.map(({ probabilityBest }) => probabilityBest)).toEqual([null, null]);
    expect(rows[1]?.behindBest).toEqual({ difference: 0.8, standardError: null, interval: null });
  });

  it('orders equal means by multiply-adds, then by fingerprint, whatever the order of the sums', () => {
    // 0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1 differ in the last bit.
    const rows = rankedRows({
      candidates: [candidate('dear', 9), candidate('b', 5), candidate('a', 5)],
      trials: [
        ...completed('dear', [0.1, 0.2, 0.3]),
        ...completed('b', [0.3, 0.2, 0.1]),
        ...completed('a', [0.2, 0.3, 0.1]),
      ],
    });
    expect(order(rows)).toEqual(['a', 'b', 'dear']);
  });

  it('puts candidates whose training failed behind all others, and nothing else behind anything', () => {
    const open = (fingerprint: string, state: 'running' | 'queued'): RankingTrial => ({
      fingerprint,
      seed: 2,
      state,
      failedBy: null,
      validationAccuracy: null,
    });
    const rows = rankedRows({
      candidates: ['diverged', 'lost', 'cancelled', 'running', 'whole', 'none'].map((name) => candidate(name)),
      trials: [
        ...completed('diverged', [0.99]),
        ended('diverged', 2, 'training'),
        ...completed('lost', [0.98]),
        ended('lost', 2, 'infrastructure'),
        ...completed('cancelled', [0.97]),
        ended('cancelled', 2, null),
        ...completed('running', [0.96]),
        open('running', 'running'),
        ...completed('whole', [0.9, 0.9]),
        open('none', 'queued'),
      ],
    });
    expect(order(rows)).toEqual(['lost', 'cancelled', 'running', 'whole', 'diverged', 'none']);
    expect(rows.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, null]);
    const counts = { total: 2, queued: 0, running: 0, completed: 1, failed: 1, cancelled: 0, paused: 0 };
    expect(find(rows, 'diverged').trials).toEqual({ ...counts, failedBy: { training: 1, infrastructure: 0 } });
    expect(find(rows, 'lost').trials).toEqual({ ...counts, failedBy: { training: 0, infrastructure: 1 } });
    // However accurate it is: what can diverge cannot be the best.
    expect(find(rows, 'diverged').tied).toBe(false);
    expect(find(rows, 'none')).toMatchObject({ validationAccuracy: null, tied: false, probabilityBest: null });
  });

  const damage = fc
    .tuple(searches, fc.nat(), fc.integer({ min: 1, max: 3 }), fc.constantFrom('infrastructure', null))
    .map(([search, index, count, failedBy]) => {
      const { fingerprint } = search.candidates[index % search.candidates.length] ?? candidate('');
      const holes = Array.from({ length: count }, (_, hole) => ended(fingerprint, 100 + hole, failedBy));
      return { search, fingerprint, holes };
    });

  it('stays as it is when trials of a candidate are lost or cancelled, whichever candidate that is', () => {
    fc.assert(
      fc.property(damage, ({ search, fingerprint, holes }) => {
        const before = rankedRows(search);
        const after = rankedRows({ ...search, trials: [...holes, ...search.trials] });
        const unlike = (rows: readonly RankedCandidate[]): unknown[] =>
          rows.map(({ trials, ...row }) => (row.fingerprint === fingerprint ? row : { ...row, trials }));
        expect(unlike(after)).toEqual(unlike(before));
        const [lost, kept] = [find(after, fingerprint).trials, find(before, fingerprint).trials];
        expect(lost.failedBy.infrastructure + lost.cancelled).toBe(
          kept.failedBy.infrastructure + kept.cancelled + holes.length,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('puts a candidate behind all that have a result and no such failure when one training of its own fails', () => {
    fc.assert(
      fc.property(damage, ({ search, fingerprint }) => {
        const rows = rankedRows({ ...search, trials: [...search.trials, ended(fingerprint, 99, 'training')] });
        const place = rows.findIndex((row) => row.fingerprint === fingerprint);
        const sound = (row: RankedCandidate): boolean => row.rank !== null && row.trials.failedBy.training === 0;
        expect(rows.slice(place).filter(sound)).toEqual([]);
      }),
    );
  });

  it('counts a completed trial without a finite accuracy as a failure of the training', () => {
    const rows = rankedRows({
      candidates: [candidate('a'), candidate('b')],
      trials: [...completed('a', [Number.NaN, 0.5]), ...completed('b', [Number.POSITIVE_INFINITY])],
    });
    expect(find(rows, 'a').trials).toMatchObject({ completed: 1, failed: 1, failedBy: { training: 1 } });
    expect(find(rows, 'a').validationAccuracy).toEqual({ mean: 0.5, standardError: null, seeds: 1 });
    expect(find(rows, 'b')).toMatchObject({ rank: null, validationAccuracy: null });
  });

  it('refuses trials of no candidate and two results of one candidate and seed', () => {
    expect(() => rankedRows({ candidates: [], trials: completed('a', [1]) })).toThrow(RangeError);
    const twice = [...completed('a', [0.5]), ...completed('a', [0.5])];
    expect(() => rankedRows({ candidates: [candidate('a')], trials: twice })).toThrow(RangeError);
  });

  it('has no rows without candidates', () => {
    expect(rankedRows({ candidates: [], trials: [] })).toEqual([]);
  });

  it('does not depend on the order in which candidates and trials come', () => {
    fc.assert(
      fc.property(searches, fc.infiniteStream(fc.nat()), (search, stream) => {
        const mixed = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => ({ item, key: stream.next().value as number }))
            .sort((one, other) => one.key - other.key)
            .map(({ item }) => item);
        const shuffled = { candidates: mixed(search.candidates), trials: mixed(search.trials) };
        expect(rankedRows(shuffled)).toEqual(rankedRows(search));
      }),
    );
  });

  it('survives JSON unchanged in any condition of a search: unknown numbers are null, never NaN or infinite', () => {
    fc.assert(
      fc.property(searches, (search) => {
        const rows = rankedRows(search);
        expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
        expect(rows.map(({ rank }) => rank ?? 0).filter((rank) => rank > 0)).toEqual(
          rows.filter(({ rank }) => rank !== null).map((_, index) => index + 1),
        );
        expect(rows.reduce((sum, row) => sum + row.trials.total, 0)).toBe(search.trials.length);
      }),
    );
  });
});

describe('ties with the best', () => {
  it('are all rows that chance over seeds explains, and no row that it does not', () => {
    // Spread 0.001 over seeds; 0.0005 is far inside it and 0.1 far outside.
    const rows = rankedRows({
      candidates: [candidate('best'), candidate('near'), candidate('far')],
      trials: [
        ...completed('best', [0.951, 0.949, 0.9505]),
        ...completed('near', [0.949, 0.951, 0.949]),
        ...completed('far', [0.851, 0.85, 0.849]),
      ],
    });
    expect(order(rows)).toEqual(['best', 'near', 'far']);
    expect(rows.map(({ tied }) => tied)).toEqual([true, true, false]);
  });

  it('do not name the best where no other row is tied', () => {
    const rows = rankedRows({
      candidates: [candidate('a'), candidate('b')],
      trials: [...completed('a', [0.9, 0.901, 0.902]), ...completed('b', [0.8, 0.802, 0.801])],
    });
    expect(rows.map(({ tied }) => tied)).toEqual([false, false]);
  });

  it('are not lost to a level that a seed gives to all candidates', () => {
    // Seeds differ by 0.2, candidates by 0.01 under every seed: paired, the difference is plain.
    const level = [0.5, 0.7, 0.9, 0.6];
    const noise = [0.0001, -0.0001, 0.0002, -0.0002];
    const rows = rankedRows({
      candidates: [candidate('a'), candidate('b')],
      trials: [
        ...completed(
          'a',
          level.map((value, seed) => value + 0.01 + (noise[seed] ?? 0)),
        ),
        ...completed('b', level),
      ],
    });
    expect(rows.map(({ tied }) => tied)).toEqual([false, false]);
    expect(rows[0]?.validationAccuracy?.standardError).toBeGreaterThan(0.08);
  });

  it('are not decided by how erratic hopeless candidates are', () => {
    const names = Array.from({ length: 16 }, (_, index) => `n${String(index).padStart(2, '0')}`);
    const trials = names.flatMap((name, index) =>
      index < 8
        ? completed(name, [0.95 - 0.01 * index, 0.951 - 0.01 * index + 0.0004 * (index % 3)])
        : completed(name, [0.1, 0.8]),
    );
    const rows = rankedRows({ candidates: names.map((name) => candidate(name)), trials });
    expect(find(rows, 'n01').tied).toBe(false);
  });

  it('keep the truly best candidate in at least 95 of 100 searches, and most searches drop poor ones', () => {
    const random = gaussian(20);
    const spread = 0.004;
    const truth = Array.from({ length: 12 }, (_, index) => 0.97 - 0.003 * index);
    let kept = 0;
    let dropped = 0;
    for (let search = 0; search < 100; search++) {
      const trials = truth.flatMap((mean, index) =>
        completed(`n${index}`, [mean + spread * random(), mean + spread * random()]),
      );
      const rows = rankedRows({ candidates: truth.map((_, index) => candidate(`n${index}`)), trials });
      const best = find(rows, 'n0');
      kept += Number(best.rank === 1 || best.tied);
      dropped += Number(!find(rows, 'n11').tied);
    }
    expect(kept).toBeGreaterThanOrEqual(95);
    expect(dropped).toBeGreaterThanOrEqual(95);
  });
});
