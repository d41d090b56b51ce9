import { openingDecisions } from '@compound-search/allocation';
import type { SearchRequest, SearchView } from '@compound-search/contracts';
import type { DatasetChecker } from '@compound-search/datasets';
import type { TrialQueue } from '@compound-search/queue';
import type { Creation, HistoryStore, SearchStore } from '@compound-search/store';

import { toAllocationRequest } from '../allocation-request.ts';
import type { Log } from '../log.ts';
import { historyWarnings, readHistory } from '../plan/history.ts';
import { type PlanLimits, planRequest } from '../plan/plan-request.ts';
import { type RegisteredBaselines, resolveBaseline } from '../plan/resolve-baseline.ts';
import { enqueueTrials } from './enqueue-trials.ts';

/** What starting a search needs of its surroundings. */
export interface SearchStart {
  readonly store: Pick<SearchStore, 'createSearch'> & RegisteredBaselines & HistoryStore;
  readonly queue: Pick<TrialQueue, 'add' | 'ping'>;
  readonly limits: PlanLimits;
  readonly dataRoot: string | undefined;
  readonly checker: Pick<DatasetChecker, 'requireWhole'>;
  /** Of a request with an Idempotency-Key. */
  readonly creation?: Creation | undefined;
  readonly log: Pick<Log, 'warn'>;
}

/** What a search follows from, where it is not posted for itself. */
export interface SearchOrigin {
  /** The search that it goes on from. */
  readonly extends?: string;
  /** Sentences that a person should read beside those of the plan. */
  readonly notes?: readonly string[];
}

/** Images that the service does not have, and cannot read. */
const described = { contentHash: null, notes: [] } as const;

/**
 * Stores a search and queues its trials. Everything that can be refused is refused before anything is stored.
 *
 * @returns the search as it was stored. Nothing is read anew: what is stored must not be told as an error.
 * @throws CompoundSearchError what resolveBaseline and planRequest throw, DATASET_INVALID or DATASET_NOT_READY of data
 * sets in files, DEPENDENCY_UNAVAILABLE; AlreadyCreatedError where the request has been carried out.
 */
export async function startSearch(
  start: SearchStart,
  request: SearchRequest,
  origin: SearchOrigin = {},
): Promise<SearchView> {
  const { store, queue, limits, dataRoot, checker, creation, log } = start;
  // The description is stored with the search, so that its trials do not depend on what a name stands for.
  const network = await resolveBaseline(request.baseline, store);
  const plan = await planRequest(request, network, limits, dataRoot);
  const warnings = historyWarnings(request, await readHistory(store, request, network.name));
  // Last of the checks, since it may take long: all that can be known at once is refused at once.
  const { contentHash, notes } = request.data === undefined ? await checker.requireWhole(request.dataset) : described;
  // Asked before anything is stored, so that a client that is refused may simply try again.
  await queue.ping();
  const { search, trials } = await store.createSearch({
    request,
    network,
    plan: {
      ...plan,
      notes: joinNotes(
        origin.notes ?? [],
        plan.notes,
        notes,
        warnings.map(({ message }) => message),
      ),
    },
    datasetHash: contentHash,
    extends: origin.extends,
    creation,
    opening: openingDecisions(toAllocationRequest(request, plan.candidates)),
  });
  await enqueueTrials(queue, trials, log);
  return search;
}

/** Reading a data set shows more than its headers do, and repeats some of it. */
function joinNotes(...notes: readonly (readonly string[])[]): string[] {
  return [...new Set(notes.flat())];
}
