import type { Candidate } from '@compound-search/contracts';
import type { SearchDefinition, SearchResults, Store, TrialOutcome } from '@compound-search/store';

/** A search with all its candidates and all their trials, as a test looks at it. */
export interface Outcome extends Omit<SearchResults, 'candidates'>, SearchDefinition {
  readonly candidates: readonly {
    readonly candidateId: string;
    readonly candidate: Candidate;
    readonly trials: readonly TrialOutcome[];
  }[];
  readonly testTrials: readonly TrialOutcome[];
}

export async function outcomeOf(
  store: Pick<Store, 'getResults' | 'getDefinition' | 'getCandidates' | 'getTrialsOf'>,
  searchId: string,
): Promise<Outcome> {
  const [results, definition] = [await store.getResults(searchId), await store.getDefinition(searchId)];
  if (results === null || definition === null) throw new Error(`Search ${searchId} is gone`);
  const described = await store.getCandidates(results.candidates.map(({ candidateId }) => candidateId));
  const testTrials: TrialOutcome[] = [];
  const candidates = [];
  for (const { candidateId } of results.candidates) {
    const candidate = described.get(candidateId);
    if (candidate === undefined) throw new Error(`Candidate ${candidateId} is gone`);
    const { ranking, test } = await store.getTrialsOf(candidateId);
    testTrials.push(...test);
    candidates.push({ candidateId, candidate, trials: ranking });
  }
  return { ...results, ...definition, candidates, testTrials };
}
