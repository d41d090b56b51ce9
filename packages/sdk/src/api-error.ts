import { type Problem, problemSchema } from '@compound-search/contracts';

/**
 * The service refused a request, or failed at it. Branch on `code`, one of the error catalogue of contracts (a newer
 * service may know more); `remedy` is a sentence for a person.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly value: unknown;
  readonly remedy: string | undefined;
  /** Every fault of the request, where the service found several. */
  readonly errors: NonNullable<Problem['errors']>;
  /** Names this one occurrence in the log of the service. */
  readonly instance: string | undefined;

  constructor(problem: Problem, cause?: unknown) {
    super(problem.detail, cause === undefined ? undefined : { cause });
    this.name = 'ApiError';
    this.status = problem.status;
    this.code = problem.code;
    this.field = problem.field;
    this.value = problem.value;
    this.remedy = problem.remedy;
    this.errors = problem.errors ?? [];
    this.instance = problem.instance;
  }
}

/** Reads the body of an unsuccessful answer; what is no problem document (a proxy's page) still gives an error with its status. */
export function toApiError(status: number, body: string): ApiError {
  const problem = problemSchema.safeParse(parseJson(body));
  if (problem.success) return new ApiError(problem.data);
  return new ApiError(
    unreadable(status, `The answer has status ${status} and is no problem document: ${body.slice(0, 200)}`),
  );
}

/** A successful answer that does not fit its schema: the service is of another version, or is another service. */
export function toUnreadableAnswerError(status: number, cause: unknown): ApiError {
  return new ApiError(unreadable(status, 'The answer does not have the form that this client knows'), cause);
}

function unreadable(status: number, detail: string): Problem {
  return {
    type: 'about:blank',
    title: 'The answer cannot be read',
    status,
    code: 'INTERNAL',
    detail,
    remedy: 'Check that the base URL is that of a compound-search service of the same version as this client.',
  };
}

/** The value of a JSON text, or undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
