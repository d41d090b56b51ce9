/**
 * The one catalogue of everything that can go wrong, by stable code. Clients branch on the code, never on a message.
 * `status` is the HTTP status where the error reaches a client; `retry` says whether the same trial may succeed
 * when it is simply run again (a lost process), or never will (a diverged loss).
 */
export const errorCatalogue = {
  // The request itself.
  VALIDATION_FAILED: { status: 400, title: 'The request does not fit the schema', retry: false },
  MALFORMED_REQUEST: { status: 400, title: 'The request is not valid HTTP', retry: false },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are larger than the service accepts', retry: false },
  REQUEST_TIMEOUT: { status: 408, title: 'The request did not arrive in time', retry: false },
  EXPECTATION_FAILED: { status: 417, title: 'The request expects what the service does not do', retry: false },
  HOST_NOT_ALLOWED: { status: 421, title: 'The service does not answer to this name', retry: false },
  CROSS_SITE_REQUEST: { status: 403, title: 'The request comes from a page of another site', retry: false },
  KEY_REQUIRED: { status: 401, title: 'The service needs a key', retry: false },
  KEY_INVALID: { status: 401, title: 'The service knows no such key', retry: false },
  ROLE_INSUFFICIENT: { status: 403, title: 'The key does not allow this', retry: false },
  RATE_LIMITED: { status: 429, title: 'More requests than the service accepts', retry: false },
  KEY_EXISTS: { status: 409, title: 'Another key has this name', retry: false },
  MALFORMED_JSON: { status: 400, title: 'The body is not valid JSON', retry: false },
  BODY_TOO_LARGE: { status: 413, title: 'The body is larger than the service accepts', retry: false },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'The body has a type or an encoding that the service does not read',
    retry: false,
  },
  NOT_FOUND: { status: 404, title: 'There is no such resource', retry: false },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The resource does not offer this method', retry: false },
  // The grid.
  AXIS_INVALID: { status: 422, title: 'An axis of the grid is not a valid list or range', retry: false },
  AXIS_TOO_LONG: { status: 422, title: 'An axis of the grid has too many values', retry: false },
  GRID_TOO_LARGE: { status: 422, title: 'The grid has too many points', retry: false },
  GRID_INFEASIBLE: { status: 422, title: 'No grid point meets the constraint', retry: false },
  CONSTRAINT_INVALID: { status: 422, title: 'The constraint cannot be applied to the grid', retry: false },
  TOO_MANY_CANDIDATES: { status: 422, title: 'The grid has too many candidates to train', retry: false },
  // Networks.
  UNKNOWN_BASELINE: { status: 422, title: 'There is no such baseline network', retry: false },
  BASELINE_EXISTS: { status: 409, title: 'Another network has this name', retry: false },
  NETWORK_INVALID: { status: 422, title: 'The network cannot be built', retry: false },
  COEFFICIENT_INVALID: { status: 422, title: 'A scaling coefficient is out of range', retry: false },
  // Data.
  UNKNOWN_DATASET: { status: 422, title: 'There is no such data set', retry: false },
  DATASET_INVALID: { status: 422, title: 'The data set cannot be read', retry: false },
  DATASET_CHANGED: { status: 500, title: 'The data set is another one than the search was posted with', retry: false },
  DATASET_NOT_READY: { status: 409, title: 'The data set is still being read', retry: false },
  SPLIT_INVALID: { status: 422, title: 'The data set cannot be split as asked', retry: false },
  // Searches and trials.
  IDEMPOTENCY_KEY_REUSED: { status: 409, title: 'The key has made something else', retry: false },
  COEFFICIENTS_NOT_READY: { status: 409, title: 'The search has no winner yet', retry: false },
  NO_WINNER: { status: 409, title: 'The search ended without a winner', retry: false },
  TRANSFER_INVALID: { status: 422, title: 'The rows of the search cannot be transferred', retry: false },
  SEARCH_ENDED: { status: 409, title: 'The search has already ended', retry: false },
  SEARCH_NOT_ENDED: { status: 409, title: 'The search has not ended yet', retry: false },
  SEARCH_STOPPING: { status: 409, title: 'The search is about to end', retry: false },
  NO_FAILED_TRIALS: { status: 409, title: 'No trial of the search has failed', retry: false },
  TRIAL_NOT_COMPLETED: { status: 409, title: 'The trial has not completed', retry: false },
  TRIAL_IMPORTED: { status: 409, title: 'The trial was trained elsewhere', retry: false },
  SEARCH_WITHOUT_GRID: { status: 409, title: 'The search is over a list of points', retry: false },
  TRIAL_OF_SEARCH: { status: 409, title: 'The trial ends with its search', retry: false },
  RESULT_INVALID: { status: 422, title: 'A result cannot be imported', retry: false },
  RESULT_CONFLICT: { status: 409, title: 'A trial has ended otherwise, or is being trained', retry: false },
  CLAIM_OVER: { status: 409, title: 'The claim is over', retry: false },
  TRIAL_DIVERGED: { status: 500, title: 'The loss of a trial is not finite', retry: false },
  TRIAL_AT_CHANCE: { status: 500, title: 'A trial learns nothing', retry: false },
  TRIAL_CANCELLED: { status: 409, title: 'The trial was cancelled', retry: false },
  TRIAL_FAILED: { status: 500, title: 'A trial failed', retry: false },
  TRIAL_LOST: { status: 500, title: 'The process of a trial died', retry: true },
  TRIAL_OUT_OF_MEMORY: { status: 500, title: 'A trial found no memory', retry: true },
  // The machine.
  DEVICE_UNAVAILABLE: { status: 500, title: 'The device asked for is not available', retry: false },
  STORAGE_FAILED: { status: 500, title: 'A file of the machine cannot be read or written', retry: true },
  TENSORFLOW_UNAVAILABLE: { status: 500, title: 'Native TensorFlow cannot be loaded', retry: false },
  PLATFORM_UNSUPPORTED: { status: 500, title: 'There are no binaries for this platform', retry: false },
  DOWNLOAD_FAILED: { status: 500, title: 'A pinned artefact cannot be fetched', retry: false },
  ACCESS_UNPROTECTED: { status: 500, title: 'The service would be open to anyone', retry: false },
  DATA_FOLDER_IN_USE: { status: 500, title: 'Another process owns the data folder', retry: false },
  DATA_FOLDER_INVALID: { status: 500, title: 'The data folder cannot be used', retry: false },
  SERVICE_START_FAILED: { status: 500, title: 'A local service cannot be started', retry: false },
  STREAMS_EXHAUSTED: { status: 503, title: 'The service sends as many streams as it may', retry: false },
  SERVICE_STOPPING: { status: 503, title: 'The service is about to stop', retry: false },
  DEPENDENCY_UNAVAILABLE: { status: 503, title: 'A service that this one depends on does not answer', retry: true },
  DEPENDENCY_SLOW: { status: 503, title: 'A service that this one depends on takes too long', retry: true },
  RECORD_UNREADABLE: { status: 500, title: 'This version cannot read what is stored', retry: false },
  INTERNAL: { status: 500, title: 'An unexpected error', retry: false },
} as const satisfies Record<string, { status: number; title: string; retry: boolean }>;

/** A stable error code. */
export type ErrorCode = keyof typeof errorCatalogue;

/** Whose fault the failure of a trial is: that of the training itself, or of what it ran on. */
export const blames = ['training', 'infrastructure'] as const;
export type Blame = (typeof blames)[number];

/** What each code blames that a trial can fail with. Only what blames the training counts against a candidate. */
export const failureBlames = {
  TRIAL_DIVERGED: 'training',
  TRIAL_AT_CHANCE: 'training',
  TRIAL_CANCELLED: 'infrastructure',
  TRIAL_FAILED: 'infrastructure',
  TRIAL_LOST: 'infrastructure',
  TRIAL_OUT_OF_MEMORY: 'infrastructure',
  NETWORK_INVALID: 'infrastructure',
  UNKNOWN_DATASET: 'infrastructure',
  DATASET_INVALID: 'infrastructure',
  DATASET_CHANGED: 'infrastructure',
  SPLIT_INVALID: 'infrastructure',
  DEVICE_UNAVAILABLE: 'infrastructure',
  STORAGE_FAILED: 'infrastructure',
  TENSORFLOW_UNAVAILABLE: 'infrastructure',
  PLATFORM_UNSUPPORTED: 'infrastructure',
  DOWNLOAD_FAILED: 'infrastructure',
  DEPENDENCY_UNAVAILABLE: 'infrastructure',
  RECORD_UNREADABLE: 'infrastructure',
  INTERNAL: 'infrastructure',
} as const satisfies Partial<Record<ErrorCode, Blame>>;

/** The codes that a trial can fail with. */
export const failureCodes = Object.keys(failureBlames) as [
  keyof typeof failureBlames,
  ...(keyof typeof failureBlames)[],
];

/** What a trial's failure blames. A code that no trial is known to fail with says nothing against its training either. */
export function blameOf(code: ErrorCode): Blame {
  const known: Partial<Record<ErrorCode, Blame>> = failureBlames;
  return known[code] ?? 'infrastructure';
}

/** One of several things that are wrong: where, what was found there, and what would be right. */
export interface Fault {
  readonly field: string;
  readonly detail: string;
  readonly value?: unknown;
}

/** Where the fault lies and how to mend it. */
export interface ErrorDetails {
  /** Path of the field at fault, e.g. `grid.alpha.step`. */
  readonly field?: string;
  /** The value found there. */
  readonly value?: unknown;
  /** What to do instead, as a sentence. */
  readonly remedy?: string;
  /** All faults, where several are told at once; the first is that of the error itself. */
  readonly faults?: readonly Fault[];
  readonly cause?: unknown;
}

/** An error with a code of the catalogue. Everything else that is thrown is a bug and becomes `INTERNAL` at the edge. */
export class CompoundSearchError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly value: unknown;
  readonly remedy: string | undefined;
  readonly faults: readonly Fault[] | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'CompoundSearchError';
    this.code = code;
    this.field = details.field;
    this.value = details.value;
    this.remedy = details.remedy;
    this.faults = details.faults;
  }

  get status(): number {
    return errorCatalogue[this.code].status;
  }

  get retry(): boolean {
    return errorCatalogue[this.code].retry;
  }
}
