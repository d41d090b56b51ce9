import { searchMoves, type SearchState, searchStates } from '@compound-search/contracts';

import { Prisma } from '../generated/client.ts';

/** Holds while a search has trials that have not ended. */
export function hasOpenTrials(searchId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT FROM trial_tally
                     WHERE trial_tally.search_id = ${searchId} AND trial_tally.state IN ('queued', 'running')
                       AND trial_tally.trials > 0)`;
}

/** Holds while ranking trials of a round before the last one have not ended. */
export const hasTrialsOfEarlierRounds = Prisma.sql`EXISTS (
  SELECT FROM trial WHERE trial.search_id = search.id AND trial.round < search.round
    AND trial.state IN ('queued', 'running') AND trial.purpose = 'ranking')`;

/** Holds for a search whose trials are trained elsewhere. */
export const isExternal = Prisma.sql`search.request ->> 'trainings' IS NOT DISTINCT FROM 'external'`;

/** Holds for a search in a state from which it may move to the given one, by the table of moves. */
export function mayMoveTo(state: SearchState): Prisma.Sql {
  const before = searchStates.filter((from) => (searchMoves[from] as readonly SearchState[]).includes(state));
  return Prisma.sql`search.state = ANY (${before}::text[]::search_state[])`;
}
