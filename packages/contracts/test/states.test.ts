import { describe, expect, it } from 'vitest';

import {
  endedSearchStates,
  endedTrialStates,
  searchMoves,
  type SearchPhase,
  searchPhases,
  searchStates,
  searchVerbs,
  stateOf,
  trialMoves,
  trialStates,
  type VerbOutcome,
  verbOutcomes,
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

  it('of ended searches are those that nothing follows, unless failed trials are retried', () => {
    const followed = {
      completed: [],
      completed_with_failures: ['running'],
      stopped: [],
      failed: ['running'],
      cancelled: [],
    };
    expect(Object.fromEntries(endedSearchStates.map((state) => [state, searchMoves[state]]))).toEqual(followed);
    const others = searchStates.filter((state) => !(endedSearchStates as readonly string[]).includes(state));
    for (const state of others) expect(searchMoves[state]).toContain('cancelled');
  });

  it('of trials end as completed, failed or cancelled, and only a lost, a retried or a paused one goes back to the queue', () => {
    expect(trialStates.filter((state) => trialMoves[state].length === 0)).toEqual(['completed', 'cancelled']);
    expect([...endedTrialStates]).toEqual(['completed', 'failed', 'cancelled']);
    const back = trialStates.filter((state) => (trialMoves[state] as readonly string[]).includes('queued'));
    expect(back).toEqual(['running', 'failed', 'paused']);
  });

  it('allow the moves that verbs make', () => {
    for (const phase of searchPhases) {
      for (const verb of searchVerbs) {
        const outcome = verbOutcomes[phase][verb];
        if (outcome === phase || !isPhase(outcome)) continue;
        expect(searchMoves[stateOf(phase)], `${verb} on ${phase}`).toContain(stateOf(outcome));
      }
    }
  });
});

function isPhase(outcome: VerbOutcome): outcome is SearchPhase {
  return (searchPhases as readonly string[]).includes(outcome);
}
