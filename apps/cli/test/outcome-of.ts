import type { Client } from '@compound-search/sdk';
import { expect } from 'vitest';

/** Leaderboard and coefficients of a search that has ended, without the names of this search's own rows. */
export async function outcomeOf(client: Client, id: string) {
  const { rows, baseline, state } = await client.leaderboard(id);
  const { searchId, ...coefficients } = await client.coefficients(id);
  expect(searchId).toBe(id);
  return { state, baseline, rows: rows.map((row) => ({ ...row, candidateId: '' })), coefficients };
}
