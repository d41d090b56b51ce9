import type { LeaderboardRow, SearchView } from '@compound-search/contracts';
import type { Client } from '@compound-search/sdk';

import { say, type Terminal } from '../terminal.ts';
import { note, searchFunnel } from '../views/plan-table.ts';
import { createProgressDisplay } from './progress-display.ts';
import { progressParts } from './progress-line.ts';

/** Shows what a search comes to and how far it is, until it has ended. */
export async function watchSearch(
  client: Client,
  search: SearchView,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<SearchView> {
  say(terminal, searchFunnel(search));
  for (const sentence of search.notes) say(terminal, note(sentence));
  const display = createProgressDisplay(terminal.messages);
  const leader = followLeader(client, search.id);
  try {
    return await client.waitForSearch(search.id, {
      signal,
      onProgress: (current) =>
        display.update({
          fraction: current.progress.fraction,
          parts: progressParts({ search: current, best: leader(current) }),
        }),
    });
  } finally {
    display.end();
  }
}

/**
 * The leader as last read; it is read again whenever another trial has completed. The bar does not wait for it, and an
 * answer that does not come (the service may be restarting) leaves the last one standing.
 */
function followLeader(client: Client, searchId: string): (search: SearchView) => LeaderboardRow | undefined {
  let best: LeaderboardRow | undefined;
  let completedAtRead = 0;
  let isReading = false;
  const read = async (completed: number): Promise<void> => {
    isReading = true;
    try {
      const { rows } = await client.leaderboard(searchId);
      best = rows.find((row) => row.rank === 1);
      completedAtRead = completed;
    } catch {
      // The wait for the search itself reports a service that stays away.
    } finally {
      isReading = false;
    }
  };
  return ({ trials }) => {
    if (!isReading && trials.completed > completedAtRead) void read(trials.completed);
    return best;
  };
}
