import type { SearchStatus, TrialStatus } from '@compound-search/contracts';
import type { Change, Changes, ChangeStore } from '@compound-search/store';

/** States that readers of streams may not have yet. */
export interface News {
  /** All that had changed before it is told by this news and those before. */
  readonly cursor: bigint;
  readonly searches: readonly SearchStatus[];
  readonly trials: readonly TrialStatus[];
  /** Searches whose leaderboards have other rows, as of their revisions. */
  readonly leaderboards: readonly Pick<SearchStatus, 'id' | 'revision'>[];
  /** Of searches. */
  readonly deleted: readonly string[];
  /** More has changed than is told here. */
  readonly isReset: boolean;
}

/** Changes that are told one by one; who has missed more reads all anew, which is the smaller answer then. */
export const mostChanges = 1000;

/** What has changed of a search, or of all of them. */
export interface KnownChanges extends Changes {
  readonly searchId: string | undefined;
}

/** What there is to say of changes. */
export async function readNews(
  store: Pick<ChangeStore, 'searchStatuses' | 'trialStatuses'>,
  { searchId, cursor, changes }: KnownChanges,
): Promise<News> {
  const idsOf = (kind: Change['kind']): string[] =>
    (changes ?? []).filter((change) => change.kind === kind).map(({ id }) => id);
  // Whoever follows one search learns of its end in any case.
  const isOneSearch = changes === null && searchId !== undefined;
  const searches = await store.searchStatuses(isOneSearch ? [searchId] : idsOf('search'));
  const moved = new Set(idsOf('leaderboard'));
  return {
    cursor,
    searches,
    trials: await store.trialStatuses(idsOf('trial')),
    // Whatever changes a leaderboard changes its search too.
    leaderboards: searches.filter(({ id }) => moved.has(id)),
    deleted: idsOf('deleted'),
    isReset: changes === null,
  };
}
