import { CompoundSearchError, type SearchView } from '@compound-search/contracts';
import type { Client } from '@compound-search/sdk';

import { print, printJson, say, type Terminal } from '../terminal.ts';
import { sureness } from '../views/coefficients-text.ts';
import { renderLeaderboard } from '../views/leaderboard-table.ts';
import { winnerTest } from './leaderboard.ts';

/**
 * Refuses to go on with a search that ended without a winner, and says why.
 *
 * @throws CompoundSearchError NO_WINNER
 */
export async function refuseFruitless(client: Client, search: SearchView): Promise<void> {
  if (search.state === 'cancelled') {
    throw new CompoundSearchError('NO_WINNER', `The search ${search.id} was cancelled`);
  }
  if (search.state === 'stopped' && search.trials.completed === 0) {
    throw new CompoundSearchError('NO_WINNER', `The search ${search.id} was stopped before a trial had completed`);
  }
  if (search.state !== 'failed') return;
  const { items } = await client.trials(search.id, { state: 'failed', limit: 1 });
  const failure = items[0]?.failure;
  const why = failure ? `; the first with ${failure.code}: ${failure.message}` : '';
  throw new CompoundSearchError('NO_WINNER', `All trials of the search ${search.id} failed${why}`, {
    remedy: `\`compound-search trials ${search.id}\` lists them.`,
  });
}

/** Prints the leaderboard and the winning coefficients of a search that has ended. */
export async function printResults(
  client: Client,
  search: SearchView,
  terminal: Terminal,
  json: boolean,
): Promise<void> {
  const [leaderboard, coefficients] = await Promise.all([
    client.leaderboard(search.id),
    client.coefficients(search.id),
  ]);
  if (json) {
    printJson(terminal, { leaderboard, coefficients });
    return;
  }
  print(terminal, renderLeaderboard(leaderboard, winnerTest(coefficients)));
  printJson(terminal, coefficients);
  say(terminal, sureness(coefficients));
}
