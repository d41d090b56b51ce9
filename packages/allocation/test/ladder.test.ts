import { describe, expect, it } from 'vitest';

import { rungsOf } from '../src/ladder.ts';
import { countAssignments, reached, request, simulate, type Train } from './simulation.ts';

/** Candidate a is the best, then b and so on; all gain with the epochs. */
const inOrder: Train = ({ fingerprint, epochs }) =>
  reached(0.95 - 0.01 * (fingerprint.charCodeAt(0) - 97) - 0.1 / (epochs ?? 10));

describe('the rungs', () => {
  it('are powers of the reduction times the fewest epochs, and the end of the recipe', () => {
    expect(rungsOf({ minimumEpochs: 1, reduction: 3 }, 20)).toEqual([1, 3, 9, null]);
    expect(rungsOf({ minimumEpochs: 2, reduction: 2 }, 8)).toEqual([2, 4, null]);
    expect(rungsOf({ minimumEpochs: 20, reduction: 2 }, 20)).toEqual([null]);
  });
});

describe('successive halving', () => {
  const halving = { kind: 'halving', batch: 3 };

  it('sends one in three on from each rung, and trains the best to the end', () => {
    const allocation = request(halving, Array<number>(9).fill(1), 1);
    const search = simulate(allocation, inOrder);
    expect(countAssignments(allocation, search)).toEqual([4, 2, 2, 1, 1, 1, 1, 1, 1]);
    expect(search.assigned.filter(({ epochs }) => epochs === null).map(({ fingerprint }) => fingerprint)).toEqual([
      'a',
    ]);
    expect(search.decisions.at(-1)).toMatchObject({ stop: 'exhausted', evidence: { leader: 'a' } });
  });

  it('drops every other candidate once, with its rung and its place', () => {
    const { decisions } = simulate(request(halving, Array<number>(9).fill(1), 1), inOrder);
    const drops = decisions.flatMap((decision) => decision.drops);
    expect(
      drops
        .map(({ fingerprint }) => fingerprint)
        .sort()
        .join(''),
    ).toBe('bcdefghi');
    expect(drops.find(({ fingerprint }) => fingerprint === 'i')).toEqual({
      fingerprint: 'i',
      epochs: 1,
      reason: 'Place 9 of 9 after 1 epochs, of which 3 went on.',
    });
  });

  it('starts each bracket a rung higher', () => {
    const { assigned } = simulate(request({ ...halving, brackets: 3 }, Array<number>(6).fill(1), 1), inOrder);
    const first = (fingerprint: string) => assigned.find((one) => one.fingerprint === fingerprint)?.epochs;
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map(first)).toEqual([1, 3, 9, 1, 3, 9]);
  });

  it('trains a candidate again with its next seed where a training was lost, from the rung that it was sent to', () => {
    const lossy: Train = (assignment) =>
      assignment.fingerprint === 'a' && assignment.seed === 1 && assignment.epochs === 3
        ? { state: 'failed', failedBy: 'infrastructure' }
        : inOrder(assignment);
    const { assigned, decisions } = simulate(request(halving, Array<number>(9).fill(1), 2), lossy);
    const ofBest = assigned.filter(({ fingerprint }) => fingerprint === 'a');
    expect(ofBest.map(({ seed, epochs }) => [seed, epochs])).toEqual([
      [1, 1],
      [1, 3],
      [2, 3],
      [2, 9],
      [2, null],
    ]);
    expect(decisions.at(-1)?.evidence.leader).toBe('a');
  });

  it('names no leader where every training failed', () => {
    const { decisions } = simulate(request(halving, [1, 1, 1], 1), () => ({ state: 'failed', failedBy: 'training' }));
    expect(decisions.at(-1)).toMatchObject({ stop: 'exhausted', evidence: { leader: null } });
    expect(decisions.flatMap(({ drops }) => drops)).toHaveLength(3);
  });
});
