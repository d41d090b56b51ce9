import type { TrialQueue } from '@compound-search/queue';
import type {
  DecisionStore,
  LifeCycleStore,
  SearchResults,
  SearchStore,
  SearchToAdvance,
} from '@compound-search/store';

import { composeAnswer } from '../answer/coefficients.ts';
import { findWinner } from '../answer/rank-results.ts';
import type { Log } from '../log.ts';
import { decideRounds } from './decide-rounds.ts';

/** What moving a search forward needs of its surroundings. */
export interface SearchAdvance {
  readonly store: Pick<
    SearchStore,
    'getResults' | 'getDefinition' | 'getCandidates' | 'getTrialsOf' | 'beginTesting' | 'endSearch' | 'recordAnswer'
  > &
    Pick<LifeCycleStore, 'stopSearch'> &
    Pick<DecisionStore, 'getRound' | 'takeDecision'>;
  readonly queue: Pick<TrialQueue, 'add'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/**
 * Moves a search on. One that is undecided gets its next decision. One whose trials have all ended goes on: once the
 * candidates are ranked the winner is tested, and once it is tested the search ends with its answer. One that was cancelled
 * while its winner was tested gets the answer that it came to. One that is stopping ends with what it has. Each move is one conditional update of the store; whoever
 * comes second changes nothing.
 */
export async function advanceSearch(search: SearchToAdvance, advance: SearchAdvance): Promise<void> {
  const { searchId, state, undecided } = search;
  if (undecided) {
    await decideRounds(searchId, advance);
    return;
  }
  // What has come back to the queue since the search was stopped does not run again.
  if (state === 'stopping') await advance.store.stopSearch(searchId);
  const results = await advance.store.getResults(searchId);
  if (results === null) return;
  if (state === 'running') await testWinner(results, advance);
  else if (state === 'testing') await endTested(results, advance);
  else if (state === 'stopping') await endStopped(results, advance);
  else await answerCancelled(results, advance);
}

async function testWinner(results: SearchResults, { store, queue, log }: SearchAdvance): Promise<void> {
  const { searchId } = results;
  const winner = findWinner(results);
  if (winner === null) {
    const ended = await store.endSearch({ searchId, state: 'failed', answer: null });
    if (ended) log.warn({ searchId }, 'no ranking trial completed');
    return;
  }
  const definition = await store.getDefinition(searchId);
  if (definition === null) return;
  const { candidateId } = winner;
  // Only seeds whose ranking trial completed can be repeated to the bit; a diverged one would diverge again.
  const completed = definition.request.seeds.filter((seed) => winner.seeds.includes(seed));
  const seeds = completed.slice(0, definition.request.testSeeds);
  const trials = await store.beginTesting({ searchId, candidateId, seeds });
  if (trials === null) return;
  log.info({ searchId, candidateId }, 'all candidates are ranked; the winner is tested');
  await queue.add(trials);
}

async function endTested(results: SearchResults, { store, log }: SearchAdvance): Promise<void> {
  const { searchId } = results;
  const answer = await composeAnswer(store, results, 'completed');
  const state = answer.confidence.failedTrials > 0 ? 'completed_with_failures' : 'completed';
  const ended = await store.endSearch({ searchId, state, answer: { ...answer, state } });
  if (ended) log.info({ searchId, state }, 'the search has ended');
}

/** The winner of what has completed is not tested any more where its tests had not begun. */
async function endStopped(results: SearchResults, { store, log }: SearchAdvance): Promise<void> {
  const { searchId } = results;
  const winnerCandidateId = results.winnerCandidateId ?? findWinner(results)?.candidateId;
  const end =
    winnerCandidateId === undefined
      ? { answer: null }
      : { winnerCandidateId, answer: await composeAnswer(store, { ...results, winnerCandidateId }, 'stopped') };
  const ended = await store.endSearch({ searchId, state: 'stopped', ...end });
  if (ended) log.info({ searchId }, 'the search has been stopped, and has ended with what it had');
}

async function answerCancelled(results: SearchResults, { store, log }: SearchAdvance): Promise<void> {
  const { searchId } = results;
  const answer = await composeAnswer(store, results, 'cancelled');
  if (await store.recordAnswer({ searchId, answer })) log.info({ searchId }, 'the cancelled search keeps its answer');
}
