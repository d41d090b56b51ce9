import type { SearchState, SearchView, TrialState } from '@compound-search/contracts';

import { formatPercent } from '../formatting/numbers.ts';
import { stateWords } from '../formatting/words.ts';

/** A state as a word; its colour only repeats it. */
export function State({ state }: { readonly state: SearchState | TrialState }) {
  return <span class={`state ${state}`}>{stateWords[state]}</span>;
}

/** How far a search is. */
export function Progress({ search }: { readonly search: SearchView }) {
  const { fraction } = search.progress;
  return (
    <span class="progress">
      <progress max={1} value={fraction} aria-label="Progress" />
      <span>{formatPercent(fraction, 0)}</span>
    </span>
  );
}
