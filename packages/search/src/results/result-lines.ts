import type { Candidate, TrialState, TrialView } from '@compound-search/contracts';
import type { SearchStore, TrialStore } from '@compound-search/store';

import { type CsvValue, toCsv } from '../csv.ts';

/** Trials that are read, and sent, at a time. */
const TRIALS_PER_PAGE = 500;

export const resultFormats = ['jsonl', 'csv'] as const;
export type ResultFormat = (typeof resultFormats)[number];

/** Which trials, and how they are written. */
export interface ResultSelection {
  readonly format: ResultFormat;
  /** Only those in this state. @defaultValue all */
  readonly state?: TrialState | undefined;
}

type ResultStore = Pick<TrialStore, 'listTrials'> & Pick<SearchStore, 'getCandidates'>;

interface Result {
  readonly trial: TrialView;
  readonly candidate: Candidate;
}

/** Columns and keys stay where they are and keep their meaning; new ones are added at the end. */
const columns: Readonly<Record<string, (result: Result) => CsvValue>> = {
  trialId: ({ trial }) => trial.id,
  purpose: ({ trial }) => trial.purpose,
  fingerprint: ({ candidate }) => candidate.fingerprint,
  alpha: ({ candidate }) => candidate.points[0]?.alpha ?? null,
  beta: ({ candidate }) => candidate.points[0]?.beta ?? null,
  gamma: ({ candidate }) => candidate.points[0]?.gamma ?? null,
  macs: ({ candidate }) => candidate.macs,
  seed: ({ trial }) => trial.seed,
  state: ({ trial }) => trial.state,
  validationAccuracy: ({ trial }) => trial.result?.validationAccuracy ?? null,
  validationLoss: ({ trial }) => trial.result?.validationLoss ?? null,
  testAccuracy: ({ trial }) => trial.result?.testAccuracy ?? null,
  steps: ({ trial }) => trial.result?.steps ?? null,
  seconds: ({ trial }) => secondsOf(trial),
  failure: ({ trial }) => trial.failure?.code ?? null,
  weightsHash: ({ trial }) => trial.result?.weightsHash ?? null,
  engine: ({ trial }) => trial.engine?.fingerprint ?? null,
  datasetHash: ({ trial }) => trial.engine?.datasetHash ?? null,
  takenOverFrom: ({ trial }) => trial.takenOverFrom,
  origin: ({ trial }) => trial.origin,
};

/** The keys of a line, and the names of the columns, in their order. */
export const resultColumns: readonly string[] = Object.keys(columns);

/** From its first attempt's start to its end; null of one that was not trained, or goes on. */
function secondsOf({ startedAt, endedAt, takenOverFrom }: TrialView): number | null {
  if (startedAt === null || endedAt === null || takenOverFrom !== null) return null;
  return (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
}

/**
 * The trials that a search consists of with their results, in the order of the queue, as pieces of text: JSON lines, or
 * comma-separated values. No more than a page of them is in memory.
 *
 * @returns null where there is no such search; what can go wrong at the start is thrown before there is any text.
 */
export async function readResultLines(
  store: ResultStore,
  searchId: string,
  { format, state }: ResultSelection,
): Promise<AsyncGenerator<string, void> | null> {
  const page: ReadPage = (cursor) =>
    store.listTrials(searchId, { limit: TRIALS_PER_PAGE, state, ...(cursor === undefined ? {} : { cursor }) });
  const first = await page();
  return first === null ? null : linesOf(store, { first, page, write: format === 'csv' ? csvWriter() : jsonLines });
}

type ReadPage = (cursor?: string) => ReturnType<ResultStore['listTrials']>;

interface Reading {
  readonly first: NonNullable<Awaited<ReturnType<ReadPage>>>;
  readonly page: ReadPage;
  readonly write: (results: readonly Result[]) => string;
}

async function* linesOf(store: ResultStore, { first, page: read, write }: Reading): AsyncGenerator<string, void> {
  for (let page: typeof first | null = first; page !== null;) {
    const trials = page.items.filter(({ purpose }) => purpose === 'ranking' || purpose === 'test');
    const candidates = await store.getCandidates([...new Set(trials.map(({ candidateId }) => candidateId))]);
    yield write(
      trials.flatMap((trial) => {
        const candidate = candidates.get(trial.candidateId);
        return candidate === undefined ? [] : [{ trial, candidate }];
      }),
    );
    page = page.next === null ? null : await read(page.next);
  }
}

function jsonLines(results: readonly Result[]): string {
  const readers = Object.entries(columns);
  const lines = results.map((result) => Object.fromEntries(readers.map(([name, read]) => [name, read(result)])));
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** The header stands before the first page alone. */
function csvWriter(): Reading['write'] {
  let header = true;
  return (results) => {
    const page = toCsv(columns, results, { header });
    header = false;
    return page;
  };
}
