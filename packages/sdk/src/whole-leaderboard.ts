import {
  CompoundSearchError,
  type Leaderboard,
  type LeaderboardOrderInput,
  leaderboardSchema,
} from '@compound-search/contracts';

import { download, send, type Transport } from './transport.ts';

/** Rows of one page; few searches have more, and the service gives no more at once. */
const ROWS_PER_PAGE = 1000;

/** A search changes with every trial that ends: pages of a few milliseconds each meet that rarely more than once. */
const MOST_TRIES = 10;

/**
 * All rows of a leaderboard, as they stood at one moment: where the search changes between two pages the reading starts
 * over.
 *
 * @throws ApiError as the service answers; CompoundSearchError DEPENDENCY_UNAVAILABLE where the search changes faster
 * than its pages are read.
 */
export async function wholeLeaderboard(
  transport: Transport,
  path: string,
  order: LeaderboardOrderInput = {},
): Promise<Leaderboard> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const pages = await pagesOf(transport, path, order);
    const [first] = pages;
    if (first !== undefined && pages.every(({ revision }) => revision === first.revision)) {
      return { ...first, rows: pages.flatMap(({ rows }) => rows), next: null };
    }
  }
  throw new CompoundSearchError(
    'DEPENDENCY_UNAVAILABLE',
    'The search changes faster than its leaderboard can be read',
    {
      field: 'path',
      value: path,
      remedy: 'Read it again, or page by page over HTTP.',
    },
  );
}

async function pagesOf(transport: Transport, path: string, order: LeaderboardOrderInput): Promise<Leaderboard[]> {
  const pages: Leaderboard[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { ...orderQuery(order), limit: ROWS_PER_PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = await send(transport, { method: 'GET', path, query }, leaderboardSchema);
    pages.push(page);
    cursor = page.next;
  }
  return pages;
}

/** An order and filters as parameters of an address. */
function orderQuery({
  tied,
  paretoOptimal,
  ...order
}: LeaderboardOrderInput): Record<string, string | number | undefined> {
  return { ...order, tied: tied?.toString(), paretoOptimal: paretoOptimal?.toString() };
}

/** All rows of a leaderboard as comma-separated values. @throws ApiError as the service answers */
export async function leaderboardAsCsv(
  transport: Transport,
  path: string,
  order: LeaderboardOrderInput = {},
): Promise<string> {
  const bytes = await download(transport, { method: 'GET', path, query: { ...orderQuery(order), format: 'csv' } });
  return new TextDecoder().decode(bytes);
}
