import { describe, expect, it } from 'vitest';

import {
  endedSearchStates,
  endedTrialStates,
  searchMoves,
  searchStates,
  trialMoves,
  trialStates,
} from '../src/index.ts';

/** All states that can be reached from one. */
function reachable<S extends string>(start: S, moves: Readonly<Record<S, readonly S[]>>): Set<S> {
  const found = new Set<S>([start]);
  for (const state of found) for (const next of moves[state]) found.add(next);
  return found;
}

describe('states', () => {
  it('can all be reached from the first one', () => {
    expect(reachable('running', searchMoves)).toEqual(new Set(searchStates));
    expect(reachable('queued', trialMoves)).toEqual(new Set(trialStates));
  });

  it('of ended searches are exactly those that nothing follows', () => {
    const last = searchStates.filter((state) => searchMoves[state].length === 0);
    expect([...endedSearchStates]).toEqual(last);
  });

  it('of trials end as completed, failed or cancelled, and only a lost or a paused one goes back to the queue', () => {
    expect(trialStates.filter((state) => trialMoves[state].length === 0)).toEqual(['completed', 'failed', 'cancelled']);
    expect([...endedTrialStates]).toEqual(['completed', 'failed', 'cancelled']);
    const back = trialStates.filter((state) => (trialMoves[state] as readonly string[]).includes('queued'));
    expect(back).toEqual(['running', 'paused']);
  });
});
