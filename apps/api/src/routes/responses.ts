import { errorCatalogue, type ErrorCode, problemSchema } from '@compound-search/contracts';
import type { z } from 'zod';

import { problemMediaType } from '../errors/problem.ts';

interface ProblemResponse {
  readonly description: string;
  readonly content: { readonly [problemMediaType]: { readonly schema: typeof problemSchema } };
}

/** A successful response: JSON by a schema, with a sentence on what it is. */
export function success<T extends z.ZodType>(description: string, schema: T) {
  return {
    description,
    content: { 'application/json': { schema } },
  };
}

/** A successful response without a body. */
export function noContent(description: string) {
  return { description, content: {} };
}

type StatusOf<C extends ErrorCode> = (typeof errorCatalogue)[C]['status'];

/** Who asks the database may find it slow, and may find there what this version cannot read. */
function companionsOf(codes: readonly ErrorCode[]): ErrorCode[] {
  return codes.includes('DEPENDENCY_UNAVAILABLE') ? ['DEPENDENCY_SLOW', 'RECORD_UNREADABLE'] : [];
}

/** What any route can refuse where keys are needed. */
const accessProblems = ['KEY_REQUIRED', 'KEY_INVALID', 'ROLE_INSUFFICIENT', 'RATE_LIMITED'] as const;

/** The response schemas of the errors that a route can answer with, by status; INTERNAL is always among them. */
export function problems<const C extends ErrorCode>(
  ...codes: readonly C[]
): Record<StatusOf<C | 'INTERNAL'>, ProblemResponse> {
  const descriptions = new Map<number, string>();
  for (const code of [...codes, ...companionsOf(codes), ...accessProblems, 'INTERNAL'] as const) {
    const { status } = errorCatalogue[code];
    const earlier = descriptions.get(status);
    descriptions.set(status, earlier === undefined ? code : `${earlier}, ${code}`);
  }
  const responses = [...descriptions].map(([status, description]): [number, ProblemResponse] => [
    status,
    { description, content: { [problemMediaType]: { schema: problemSchema } } },
  ]);
  return Object.fromEntries(responses) as Record<StatusOf<C | 'INTERNAL'>, ProblemResponse>;
}

/** What any request with a body can be refused with before its handler runs. */
export const bodyProblems = [
  'VALIDATION_FAILED',
  'MALFORMED_JSON',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
] as const satisfies readonly ErrorCode[];

/** What a search request can be refused with, beside the framework's own checks of the body. */
export const searchRequestProblems = [
  ...bodyProblems,
  'AXIS_INVALID',
  'AXIS_TOO_LONG',
  'GRID_TOO_LARGE',
  'GRID_INFEASIBLE',
  'CONSTRAINT_INVALID',
  'TOO_MANY_CANDIDATES',
  'UNKNOWN_BASELINE',
  'NETWORK_INVALID',
  'COEFFICIENT_INVALID',
  'UNKNOWN_DATASET',
  'DATASET_INVALID',
  'SPLIT_INVALID',
  'DEPENDENCY_UNAVAILABLE',
] as const satisfies readonly ErrorCode[];
