import {
  type ApiKey,
  type ApiKeyRequest,
  apiKeySchema,
  type BaselineView,
  baselineViewSchema,
  type Coefficients,
  coefficientsSchema,
  type ComparisonRequestInput,
  comparisonSchema,
  type DatasetView,
  datasetViewSchema,
  type DecisionView,
  decisionViewSchema,
  type ExtensionRequestInput,
  type FamilyMember,
  familyMemberSchema,
  type FamilyRequestInput,
  filledRequestSchema,
  type ImportedResults,
  importedResultsSchema,
  type Leaderboard,
  type LeaderboardOrderInput,
  type MadeApiKey,
  madeApiKeySchema,
  type ModelRequestInput,
  type ModelView,
  modelViewSchema,
  type NetworkAnswer,
  networkAnswerSchema,
  type NetworkDocument,
  networkDocumentSchema,
  type NetworkRequestInput,
  pageOf,
  publishedNetworkSchema,
  type PublishedNetworkView,
  type ScalingComparison,
  type SearchChanges,
  type SearchPlan,
  searchPlanSchema,
  type SearchRequest,
  type SearchRequestInput,
  type SearchVerb,
  type SearchView,
  searchViewSchema,
  type Transfer,
  type TransferRequestInput,
  transferSchema,
  type TrialState,
  type UnassignedPolicy,
} from '@compound-search/contracts';

import { type ClaimMethods, claimMethods } from './claim-methods.ts';
import { type CreateOptions, createSearch } from './create-search.ts';
import type { WatchedEvent } from './event-stream.ts';
import type { Page, PageOptions } from './pages.ts';
import { serviceAddress } from './service-address.ts';
import {
  creating,
  download,
  onceEach,
  patient,
  repeatablePost,
  send,
  sendForNothing,
  type Transport,
} from './transport.ts';
import { type TrialMethods, trialMethods } from './trial-methods.ts';
import type { WaitOptions } from './wait-until-ended.ts';
import { waitForSearch, type WatchedSearch, type WatchOptions, watchSearch } from './watch-search.ts';
import { leaderboardAsCsv, wholeLeaderboard } from './whole-leaderboard.ts';
import { type WorkerMethods, workerMethods } from './worker-methods.ts';

/** Where the service is. */
export interface ClientOptions {
  /** For example `http://127.0.0.1:3210`; user and password in it are sent as basic authorization. */
  readonly baseUrl: string;
  /** Of a service that asks for one. */
  readonly key?: string | undefined;
  /** @defaultValue the global fetch */
  readonly fetch?: typeof globalThis.fetch;
  /** How long one answer may take. @defaultValue 30000 */
  readonly timeoutMilliseconds?: number;
  /**
   * How often a call is sent again where the service or what it depends on is away for a moment: every call that comes to
   * the same however often it is sent, those that start something by an Idempotency-Key. @defaultValue 3, within 1.4 s
   */
  readonly retries?: number;
}

/** What is wanted of an answer beside what it always has. */
export interface CoefficientsOptions {
  /** To which the family is scaled. @defaultValue 0 to 7 */
  readonly phi?: readonly number[] | undefined;
}

/** Results to import. */
export interface ResultText {
  readonly format: 'jsonl' | 'csv';
  readonly text: string | Uint8Array<ArrayBuffer>;
  /** Whether results of trials that the search has not assigned (yet) are refused or left out. @defaultValue refuse */
  readonly unassigned?: UnassignedPolicy;
}

/**
 * One method a route. Every method throws ApiError where the service refuses or fails, and CompoundSearchError
 * DEPENDENCY_UNAVAILABLE where it cannot be reached.
 */
export interface Client extends ClaimMethods, TrialMethods, WorkerMethods {
  /** Starts a search; waits while the service reads a large data set, for as long as that takes. */
  createSearch(request: SearchRequestInput, options?: CreateOptions): Promise<SearchView>;
  /** Starts a search that adds to one that has ended; ApiError SEARCH_NOT_ENDED where it has not. */
  extendSearch(searchId: string, request: ExtensionRequestInput, options?: CreateOptions): Promise<SearchView>;
  /** Starts a search for each target of a comparison; waits as createSearch does. */
  createComparison(request: ComparisonRequestInput, options?: CreateOptions): Promise<ScalingComparison>;
  /** Starts a search of the best rows of another one at another phi; waits as createSearch does. */
  createTransfer(searchId: string, request?: TransferRequestInput, options?: CreateOptions): Promise<SearchView>;
  /** The rows of a transfer on both sides; ApiError NOT_FOUND where the search is no transfer. */
  transfer(searchId: string): Promise<Transfer>;
  /** What a search would come to; nothing is stored. */
  plan(request: SearchRequestInput): Promise<SearchPlan>;
  getSearch(searchId: string): Promise<SearchView>;
  /** Newest first. */
  listSearches(options?: PageOptions): Promise<Page<SearchView>>;
  /** All rows, or those that pass the filters, however many pages they take; `next` is null. */
  leaderboard(searchId: string, order?: LeaderboardOrderInput): Promise<Leaderboard>;
  /** The same rows as comma-separated values. */
  leaderboardCsv(searchId: string, order?: LeaderboardOrderInput): Promise<string>;
  /** Trials with their results as text: a line each, as JSON or comma-separated values; all, or those in a state. */
  exportResults(searchId: string, format: 'jsonl' | 'csv', state?: TrialState): Promise<string>;
  /** Results of trials that were trained elsewhere, in the same forms; ApiError RESULT_INVALID or RESULT_CONFLICT. */
  importResults(searchId: string, results: ResultText): Promise<ImportedResults>;
  /** What the search decided, round by round; nothing with the strategy `full`. */
  decisions(searchId: string, options?: PageOptions): Promise<Page<DecisionView>>;
  /**
   * Trains the winner of a search, or another candidate at any phi, as a model. It is a trial too, so that
   * `waitForTrial` and `cancelTrial` take its id.
   */
  createModel(searchId: string, request?: ModelRequestInput): Promise<ModelView>;
  /** State and metadata of a model. */
  model(modelId: string): Promise<ModelView>;
  /** The bytes of saved_model.pb; ApiError TRIAL_NOT_COMPLETED where there is none (yet). */
  savedModel(modelId: string): Promise<Uint8Array>;
  /** The winning coefficients; ApiError COEFFICIENTS_NOT_READY before there are any, NO_WINNER where none came out. */
  coefficients(searchId: string, options?: CoefficientsOptions): Promise<Coefficients>;
  /** The request of a finer search around what cannot be told from the winner; ApiError as of `coefficients`. */
  refinement(searchId: string): Promise<SearchRequest>;
  /** Changes the priority of a search, from the next trial on that is started. */
  changeSearch(searchId: string, changes: SearchChanges): Promise<SearchView>;
  /** Running trials finish, and none starts; the same again changes nothing. ApiError SEARCH_ENDED, SEARCH_STOPPING. */
  pause(searchId: string): Promise<SearchView>;
  /** Goes on with a paused search; the same again changes nothing. ApiError SEARCH_ENDED, SEARCH_STOPPING. */
  resume(searchId: string): Promise<SearchView>;
  /**
   * Running trials finish, and the search ends with the answer that it has; the same again changes nothing. ApiError
   * SEARCH_ENDED where it has ended otherwise.
   */
  stop(searchId: string): Promise<SearchView>;
  /** The same again changes nothing; ApiError SEARCH_ENDED where the search has ended by itself. */
  cancel(searchId: string): Promise<SearchView>;
  /** Runs the failed trials again. ApiError NO_FAILED_TRIALS, SEARCH_ENDED where somebody ended it, SEARCH_STOPPING. */
  retryFailed(searchId: string): Promise<SearchView>;
  /** Deletes a search that has ended; the same again changes nothing. ApiError SEARCH_NOT_ENDED. */
  delete(searchId: string): Promise<void>;
  /** The built-in networks and those that people have registered. */
  baselines(): Promise<readonly BaselineView[]>;
  /** The description of a baseline; ApiError NOT_FOUND where there is none. */
  baseline(name: string): Promise<NetworkDocument>;
  /** Registers a network of one's own; ApiError NETWORK_INVALID, or BASELINE_EXISTS where its name is another's. */
  registerBaseline(description: NetworkDocument): Promise<BaselineView>;
  /** The exact cost of one scaled network. */
  network(request: NetworkRequestInput): Promise<NetworkAnswer>;
  /** The exact costs of a baseline scaled to every phi, one row each. */
  family(request: FamilyRequestInput): Promise<readonly FamilyMember[]>;
  publishedNetworks(): Promise<readonly PublishedNetworkView[]>;
  datasets(): Promise<readonly DatasetView[]>;
  /** All keys, without their secrets. */
  keys(): Promise<readonly ApiKey[]>;
  /** Makes a key; its secret is told this once. ApiError KEY_EXISTS where another one has the name. */
  makeKey(request: ApiKeyRequest): Promise<MadeApiKey>;
  /** Takes a key back. */
  deleteKey(keyId: string): Promise<ApiKey>;
  /**
   * What happens to a search until it has ended, as events: its state, its trials that change, that its leaderboard has
   * changed. Across restarts of the service and lost connections, without missing anything; where no stream of events comes
   * through, by asking again and again.
   */
  watchSearch(searchId: string, options?: WatchOptions): AsyncIterable<WatchedEvent>;
  /** Waits until a search has ended, also across a restart of the service, and returns its last state. */
  waitForSearch(searchId: string, options?: WaitOptions): Promise<SearchView>;
}

type StartMethods = Pick<Client, 'createSearch' | 'extendSearch' | 'createComparison' | 'createTransfer'>;

function startMethods(transport: Transport): StartMethods {
  const path = (id: string): string => `v1/searches/${encodeURIComponent(id)}`;
  const start = (at: string, body: unknown, options?: CreateOptions): Promise<SearchView> =>
    createSearch((call) => send(transport, { ...call, path: at, body }, searchViewSchema), options);
  return {
    createSearch: (body, options) => start('v1/searches', body, options),
    extendSearch: (id, body, options) => start(`${path(id)}/extensions`, body, options),
    createTransfer: (id, body = {}, options) => start(`${path(id)}/transfer`, body, options),
    createComparison: (body, options) =>
      createSearch((call) => send(transport, { ...call, path: 'v1/comparisons', body }, comparisonSchema), options),
  };
}

type LifeCycleMethods = Pick<
  Client,
  'changeSearch' | 'pause' | 'resume' | 'stop' | 'cancel' | 'retryFailed' | 'delete'
>;

function lifeCycleMethods(transport: Transport): LifeCycleMethods {
  const path = (id: string): string => `v1/searches/${encodeURIComponent(id)}`;
  const verb =
    (name: Exclude<SearchVerb, 'delete'>, isRepeatable = true) =>
    (id: string): Promise<SearchView> =>
      send(transport, { method: 'POST', path: `${path(id)}/${name}`, isRepeatable }, searchViewSchema);
  return {
    changeSearch: (id, body) => send(transport, { method: 'PATCH', path: path(id), body }, searchViewSchema),
    pause: verb('pause'),
    resume: verb('resume'),
    stop: verb('stop'),
    cancel: verb('cancel'),
    retryFailed: verb('retry-failed', false),
    delete: (id) => sendForNothing(transport, { method: 'DELETE', path: path(id) }),
  };
}

type NetworkMethods = Pick<
  Client,
  'baselines' | 'baseline' | 'registerBaseline' | 'network' | 'family' | 'publishedNetworks'
>;

function networkMethods(transport: Transport): NetworkMethods {
  return {
    baselines: () => send(transport, { method: 'GET', path: 'v1/baselines' }, baselineViewSchema.array()),
    baseline: (name) =>
      send(transport, { method: 'GET', path: `v1/baselines/${encodeURIComponent(name)}` }, networkDocumentSchema),
    registerBaseline: (body) => send(transport, { ...repeatablePost, path: 'v1/baselines', body }, baselineViewSchema),
    network: (body) => send(transport, { ...repeatablePost, path: 'v1/networks', body }, networkAnswerSchema),
    family: (body) => send(transport, { ...repeatablePost, path: 'v1/families', body }, familyMemberSchema.array()),
    publishedNetworks: () =>
      send(transport, { method: 'GET', path: 'v1/published-networks' }, publishedNetworkSchema.array()),
  };
}

type ModelMethods = Pick<Client, 'createModel' | 'model' | 'savedModel'>;

function modelMethods(transport: Transport): ModelMethods {
  const path = (id: string): string => `v1/models/${encodeURIComponent(id)}`;
  return {
    createModel: (searchId, body = {}) =>
      send(
        transport,
        { ...creating(), path: `v1/searches/${encodeURIComponent(searchId)}/model`, body },
        modelViewSchema,
      ),
    model: (id) => send(transport, { method: 'GET', path: path(id) }, modelViewSchema),
    savedModel: (id) => download(transport, { method: 'GET', path: `${path(id)}/saved_model.pb` }),
  };
}

function watchMethods(
  transport: Transport,
  read: (id: string, signal: AbortSignal | undefined) => Promise<SearchView>,
): Pick<Client, 'watchSearch' | 'waitForSearch'> {
  const watched = (id: string): WatchedSearch => ({
    transport,
    path: `v1/searches/${encodeURIComponent(id)}/events`,
    read: (signal) => read(id, signal),
  });
  return {
    watchSearch: (id, options) => watchSearch(watched(id), options),
    waitForSearch: (id, options) => waitForSearch(watched(id), options),
  };
}

/** Keys to the service. */
function keyMethods(transport: Transport): Pick<Client, 'keys' | 'makeKey' | 'deleteKey'> {
  return {
    keys: () => send(transport, { method: 'GET', path: 'v1/keys' }, apiKeySchema.array()),
    makeKey: (body) => send(transport, { method: 'POST', path: 'v1/keys', body }, madeApiKeySchema),
    deleteKey: (id) => send(transport, { method: 'DELETE', path: `v1/keys/${encodeURIComponent(id)}` }, apiKeySchema),
  };
}

const resultTypes = { jsonl: 'application/jsonl', csv: 'text/csv' } as const;

/** Results out of a search, and into one. */
function resultMethods(transport: Transport): Pick<Client, 'exportResults' | 'importResults'> {
  const pathOf = (searchId: string): string => `v1/searches/${encodeURIComponent(searchId)}/results`;
  return {
    async exportResults(searchId, format, state) {
      const call = { method: 'GET', path: pathOf(searchId), query: { format, state } } as const;
      return new TextDecoder().decode(await download(transport, call));
    },
    importResults: (searchId, { format, text, unassigned }) =>
      send(
        patient(transport),
        {
          ...repeatablePost,
          path: pathOf(searchId),
          query: { unassigned },
          upload: { type: resultTypes[format], text },
        },
        importedResultsSchema,
      ),
  };
}

/**
 * Creates a client; it holds no connection and needs no closing.
 *
 * @throws CompoundSearchError VALIDATION_FAILED where the base URL is none.
 */
export function createClient(options: ClientOptions): Client {
  const transport: Transport = {
    ...serviceAddress(options.baseUrl, options.key),
    fetch: options.fetch ?? globalThis.fetch,
    timeoutMilliseconds: options.timeoutMilliseconds ?? 30_000,
    retries: options.retries ?? 3,
  };
  const search = (id: string): string => `v1/searches/${encodeURIComponent(id)}`;
  const getSearch = (id: string, by = transport, signal?: AbortSignal): Promise<SearchView> =>
    send(by, { method: 'GET', path: search(id), signal }, searchViewSchema);
  return {
    ...startMethods(transport),
    transfer: (id) => send(transport, { method: 'GET', path: `${search(id)}/transfer` }, transferSchema),
    plan: (body) => send(transport, { ...repeatablePost, path: 'v1/plans', body }, searchPlanSchema),
    getSearch: (id) => getSearch(id),
    listSearches: (query = {}) =>
      send(transport, { method: 'GET', path: 'v1/searches', query: { ...query } }, pageOf(searchViewSchema)),
    leaderboard: (id, order) => wholeLeaderboard(transport, `${search(id)}/leaderboard`, order),
    leaderboardCsv: (id, order) => leaderboardAsCsv(transport, `${search(id)}/leaderboard`, order),
    decisions: (id, query = {}) =>
      send(
        transport,
        { method: 'GET', path: `${search(id)}/decisions`, query: { ...query } },
        pageOf(decisionViewSchema),
      ),
    ...resultMethods(transport),
    ...trialMethods(transport),
    ...modelMethods(transport),
    refinement: (id) => send(transport, { method: 'GET', path: `${search(id)}/refinement` }, filledRequestSchema),
    coefficients: (id, { phi } = {}) =>
      send(
        transport,
        {
          method: 'GET',
          path: `${search(id)}/coefficients`,
          query: phi === undefined ? {} : { phi: phi.map(String).join(',') },
        },
        coefficientsSchema,
      ),
    ...lifeCycleMethods(transport),
    ...networkMethods(transport),
    ...keyMethods(transport),
    ...workerMethods(transport),
    ...claimMethods(transport),
    datasets: () => send(transport, { method: 'GET', path: 'v1/datasets' }, datasetViewSchema.array()),
    ...watchMethods(transport, (id, signal) => getSearch(id, onceEach(transport), signal)),
  };
}
