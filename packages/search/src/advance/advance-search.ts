import type { TrialQueue } from '@compound-search/queue';
import type { SearchOutcome, SearchStore, SearchToAdvance } from '@compound-search/store';

import { findWinner } from '../answer/leaderboard.ts';
import type { Log } from '../log.ts';

/** What moving a search forward needs of its surroundings. */
export interface SearchAdvance {
  readonly store: Pick<SearchStore, 'getOutcome' | 'beginTesting' | 'endSearch'>;
  readonly queue: Pick<TrialQueue, 'add'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/**
 * Moves a search on whose trials have all ended: once the candidates are ranked the winner is tested, and once it is
 * tested the search ends. Each move is one conditional update of the store; whoever comes second changes nothing.
 */
export async function advanceSearch({ searchId, state }: SearchToAdvance, advance: SearchAdvance): Promise<void> {
  const outcome = await advance.store.getOutcome(searchId);
  if (outcome === null) return;
  if (state === 'testing') await endTested(outcome, advance);
  else await testWinner(outcome, advance);
}

async function testWinner(outcome: SearchOutcome, { store, queue, log }: SearchAdvance): Promise<void> {
  const { searchId } = outcome;
  const winner = findWinner(outcome);
  if (winner === null) {
    if (await store.endSearch({ searchId, state: 'failed' })) log.warn({ searchId }, 'no ranking trial completed');
    return;
  }
  // Only seeds whose ranking trial completed can be repeated to the bit; a diverged one would diverge again.
  const seeds = winner.trials.filter(({ state }) => state === 'completed').map(({ seed }) => seed);
  const jobs = await store.beginTesting({ searchId, candidateId: winner.candidateId, seeds });
  if (jobs === null) return;
  log.info({ searchId, candidateId: winner.candidateId }, 'all candidates are ranked; the winner is tested');
  await queue.add(jobs);
}

async function endTested(outcome: SearchOutcome, { store, log }: SearchAdvance): Promise<void> {
  const trials = [...outcome.candidates.flatMap((candidate) => candidate.trials), ...outcome.testTrials];
  const state = trials.some((trial) => trial.state === 'failed') ? 'completed_with_failures' : 'completed';
  const { searchId } = outcome;
  if (await store.endSearch({ searchId, state })) log.info({ searchId, state }, 'the search has ended');
}
