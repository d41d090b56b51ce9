import type { ImportedResults, UnassignedPolicy } from '@compound-search/contracts';
import type { ImportStore, ImportVerdict, SearchStore } from '@compound-search/store';

import type { Log } from '../log.ts';
import { type LineFault, toLineError } from './line-faults.ts';
import { type MatchedResult, type MatchedSearch, matchResults } from './match-results.ts';
import { parseResults } from './parse-results.ts';
import type { ResultFormat } from './result-lines.ts';

/** What importing needs of its surroundings. */
export interface Importing {
  readonly store: ImportStore & Pick<SearchStore, 'getResults' | 'getDefinition' | 'getCandidates'>;
  readonly log: Pick<Log, 'info'>;
}

/** Results as they arrive. */
export interface ResultUpload {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly format: ResultFormat;
  readonly unassigned: UnassignedPolicy;
}

/**
 * Ends trials of a search that wait for it with results from elsewhere: all of them, or none. The same again changes
 * nothing. Null where there is no such search.
 *
 * @throws CompoundSearchError RESULT_INVALID where a line is at fault or has no trial, RESULT_CONFLICT where its trial has
 * ended otherwise or is being trained.
 */
export async function importResults(
  { store, log }: Importing,
  searchId: string,
  { bytes, format, unassigned }: ResultUpload,
): Promise<ImportedResults | null> {
  const search = await readSearch(store, searchId);
  if (search === null) return null;
  const { results, faults, withoutResult } = matchResults(await parseResults(bytes, format), search);
  refuse('RESULT_INVALID', faults);
  const verdicts = await store.importResults({ searchId, results: results.map(({ result }) => result), unassigned });
  requireAccepted(results, verdicts, unassigned);
  const count = (wanted: ImportVerdict): number => verdicts.filter((verdict) => verdict === wanted).length;
  const imported = count('imported');
  if (imported > 0) log.info({ searchId, trials: imported }, 'results from elsewhere were imported');
  return { searchId, imported, repeated: count('repeated'), unassigned: count('unassigned'), withoutResult };
}

async function readSearch(store: Importing['store'], searchId: string): Promise<MatchedSearch | null> {
  const [results, definition] = await Promise.all([store.getResults(searchId), store.getDefinition(searchId)]);
  if (results === null || definition === null) return null;
  const candidates = await store.getCandidates(results.candidates.map(({ candidateId }) => candidateId));
  return {
    seeds: definition.request.seeds,
    objective: definition.request.objective,
    candidates: [...candidates].map(([candidateId, candidate]) => ({ candidateId, candidate })),
  };
}

function refuse(code: Parameters<typeof toLineError>[0], faults: readonly LineFault[]): void {
  const [first, ...others] = faults;
  if (first !== undefined) throw toLineError(code, [first, ...others]);
}

type Refusal = Exclude<ImportVerdict, 'imported' | 'repeated'>;

/** Why a trial does not take a result, as the rest of a sentence about its seed. */
const refusals: Readonly<Record<Refusal, Pick<LineFault, 'detail' | 'remedy'>>> = {
  unassigned: {
    detail: 'is of a trial that the search has not assigned, at least not yet',
    remedy:
      'Leave the line out until the trial is listed by ?state=queued, or have lines of such trials left out: ?unassigned=skip.',
  },
  pauses: {
    detail: 'is of a trial that is to be trained up to a rung, and a result is of the end',
    remedy: 'Import into a search without rungs.',
  },
  other: { detail: 'is of a trial that has ended with another result', remedy: 'A result that is stored stays.' },
  running: {
    detail: 'is of a trial that a worker trains now',
    remedy: 'Leave the line out: the worker has the result.',
  },
  cancelled: { detail: 'is of a trial that was cancelled', remedy: 'Import into a search that goes on.' },
  paused: { detail: 'is of a trial that a worker has begun', remedy: 'Import into a search without rungs.' },
};

/** Lines without a trial are at fault; the others meet a trial that cannot take them. */
const invalid: ReadonlySet<ImportVerdict> = new Set(['unassigned', 'pauses']);

function requireAccepted(
  results: readonly MatchedResult[],
  verdicts: readonly ImportVerdict[],
  unassigned: UnassignedPolicy,
): void {
  const refused = results.flatMap(({ line, result }, index) => {
    const verdict = verdicts[index];
    if (verdict === undefined || verdict === 'imported' || verdict === 'repeated') return [];
    if (verdict === 'unassigned' && unassigned === 'skip') return [];
    return [{ verdict, line, field: 'seed', value: result.seed, ...refusals[verdict] }];
  });
  refuse(refused.every(({ verdict }) => invalid.has(verdict)) ? 'RESULT_INVALID' : 'RESULT_CONFLICT', refused);
}
