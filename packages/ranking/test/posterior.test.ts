import { describe, expect, it } from 'vitest';

import { assess } from '../src/index.ts';
import { priorShapes } from '../src/prior-shapes.ts';
import { intervalOf, sampleTrueMeans, shareOf } from './brute-force.ts';

const draws = 40_000;
/** Of a probability: half comes from the brute force's own sample, half from the scenarios of the assessment. */
const tolerance = 0.015;
/** Of the bound of an interval, as a part of its width. */
const boundTolerance = 0.09;

/** Accuracies by seed from 1 on; NaN where a candidate has not had the seed. */
const searches: Readonly<Record<string, readonly (readonly number[])[]>> = {
  'two seeds each': [
    [0.95, 0.956],
    [0.944, 0.953],
    [0.941, 0.945],
    [0.951, 0.949],
  ],
  'near ties': [
    [0.95, 0.956, 0.947],
    [0.951, 0.953, 0.949],
    [0.955, 0.945, 0.951],
  ],
  'a race: some have many seeds and some a single one': [
    [0.953, 0.956, 0.949, 0.95, 0.955, 0.951, 0.957, 0.948],
    [0.95, 0.951, 0.949, 0.953, 0.947, 0.95, 0.951, 0.949],
    [0.948, 0.955],
    [0.941],
    [0.938],
  ],
  'seeds that not all share': [
    [0.971, 0.962, Number.NaN, 0.968],
    [0.957, Number.NaN, 0.953, 0.951],
    [Number.NaN, 0.949, 0.96, 0.944],
  ],
};

function assessSearch(rows: readonly (readonly number[])[]) {
  const trainings = rows.map(
    (accuracies) =>
      new Map(
        accuracies.flatMap((accuracy, index) => (Number.isNaN(accuracy) ? [] : [[index + 1, accuracy] as const])),
      ),
  );
  const assessment = assess(
    trainings.map((own, index) => ({
      ...{ fingerprint: `${index}`, macs: 1, failedTraining: false },
      seeds: [...own.keys()],
      accuracies: [...own.values()],
    })),
  );
  return { assessment, sample: sampleTrueMeans(trainings, priorShapes, draws) };
}

function expectBounds(stated: readonly [number, number] | undefined, exact: readonly [number, number]): void {
  const width = exact[1] - exact[0];
  for (const side of [0, 1] as const) {
    expect(Math.abs((stated?.[side] ?? Number.NaN) - exact[side]) / width).toBeLessThan(boundTolerance);
  }
}

describe('an assessment beside the same posterior by brute force', () => {
  it.each(Object.entries(searches))('agrees on probabilities, intervals and the tied set: %s', (_, rows) => {
    const { assessment, sample } = assessSearch(rows);
    const { leader, candidates, indifference } = assessment;
    const first = Number(leader?.fingerprint);
    const leaderOf = (means: readonly number[]): number => means[first] ?? Number.NaN;
    const isBest = (index: number) => (means: readonly number[]) => means[index] === Math.max(...means);

    const indifferent = shareOf(sample, (means) => Math.max(...means) - leaderOf(means) <= indifference);
    expect(Math.abs((leader?.probabilityIndifferent ?? 0) - indifferent)).toBeLessThan(tolerance);
    for (const { fingerprint, probabilityBest, trueMean, behindLeader } of candidates) {
      const index = Number(fingerprint);
      const own = (means: readonly number[]): number => means[index] ?? Number.NaN;
      expect(Math.abs((probabilityBest ?? 0) - shareOf(sample, isBest(index)))).toBeLessThan(tolerance);
      expectBounds(trueMean?.interval, intervalOf(sample, own));
      if (behindLeader !== null) {
        expectBounds(
          behindLeader.interval,
          intervalOf(sample, (means) => leaderOf(means) - own(means)),
        );
      }
    }
    // The smallest set that holds the best with 95 %: less without its least probable member.
    const tied = candidates.filter((candidate, index) => index === 0 || candidate.tied);
    const probabilities = tied.map(({ fingerprint }) => shareOf(sample, isBest(Number(fingerprint))));
    const held = probabilities.reduce((sum, value) => sum + value, 0);
    expect(held).toBeGreaterThan(0.95 - tolerance);
    expect(held - Math.min(...probabilities)).toBeLessThan(0.95 + tolerance);
  });
});
