import { baselineName, type SearchView, type TrialCounts } from '@compound-search/contracts';

import { formatPercent } from '../formatting/numbers.ts';
import { type Column, renderTable } from '../formatting/table.ts';

const columns: readonly Column[] = [
  { title: 'id' },
  { title: 'name' },
  { title: 'state' },
  { title: 'done', align: 'right' },
  { title: 'trials', align: 'right' },
  { title: 'taken over', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: 'candidates', align: 'right' },
  { title: 'baseline' },
  { title: 'data set' },
  { title: 'created' },
];

/** One line a search. */
export function renderSearches(searches: readonly SearchView[]): string {
  return renderTable(
    columns,
    searches.map((search) => [
      search.id,
      search.request.name ?? '',
      search.state,
      formatPercent(search.progress.fraction, 0),
      `${endedTrials(search.trials)}/${search.trials.total}`,
      String(search.takenOverTrials),
      String(search.trials.failed),
      String(search.candidates),
      baselineName(search.request.baseline),
      search.request.dataset,
      search.createdAt,
    ]),
  );
}

/** Trials that will not run any more, as far as is decided: one that is paused may be promoted. */
export function endedTrials({ completed, failed, cancelled, paused }: TrialCounts): number {
  return completed + failed + cancelled + paused;
}
