import type { ImportedResults } from '@compound-search/contracts';

/** What became of the lines of an import, in a sentence. */
export function renderImport({ imported, repeated, unassigned, withoutResult }: ImportedResults): string {
  const parts = [
    `${trials(imported)} imported`,
    ...(repeated === 0 ? [] : [`${repeated} had these results before`]),
    ...(unassigned === 0 ? [] : [`${unassigned} not assigned by the search (yet)`]),
    ...(withoutResult === 0 ? [] : [`${withoutResult} without a result`]),
  ];
  return `${parts.join(', ')}.`;
}

function trials(count: number): string {
  return `${count} trial${count === 1 ? '' : 's'}`;
}
