import {
  CompoundSearchError,
  type Explanation,
  type Fault,
  type FieldPath,
  formatPath,
  schemaFaults,
  valueAt,
} from '@compound-search/contracts';
import type { z } from 'zod';

/** A fault with what to do about it. */
export interface RepairableFault extends Fault {
  readonly remedy: string;
}

/** Which part of a request was validated; it names the field where a fault concerns the part as a whole. */
export type RequestPart = 'body' | 'querystring' | 'params' | 'headers';

const partNames = { body: 'body', querystring: 'query', params: 'path', headers: 'headers' } as const;

/** A request that does not fit its schema, with all its faults; the first one is the error's own field and value. */
export class InvalidRequestError extends CompoundSearchError {
  constructor(faults: readonly [RepairableFault, ...RepairableFault[]]) {
    const [first] = faults;
    super('VALIDATION_FAILED', `${first.field} ${first.detail}${countOthers(faults.length)}`, {
      ...first,
      faults: faults.slice(0, mostFaults).map(({ field, detail, value }) => ({ field, detail, value })),
    });
  }
}

/** An answer lists no more, so that a small request cannot make a large one. */
const mostFaults = 100;

function countOthers(faults: number): string {
  if (faults === 1) return '';
  const listed = faults > mostFaults ? `errors lists the first ${mostFaults}` : 'see errors';
  return ` (and ${faults - 1} more, ${listed})`;
}

/** Turns a schema's issues into the error that a client can act on. */
export function invalidRequest(error: z.core.$ZodError, input: unknown, part: RequestPart): InvalidRequestError {
  const faults = schemaFaults(error, input).map((fault) => requestFault(fault.path, { input, part }, fault));
  const [first, ...rest] = faults;
  const none = {
    field: partNames[part],
    detail: 'does not fit the schema',
    remedy: 'See /openapi.json for the schema.',
  };
  return new InvalidRequestError([first ?? none, ...rest]);
}

/** What was validated. */
export interface Subject {
  readonly input: unknown;
  readonly part: RequestPart;
}

/** What is wrong at one place of a request. */
export function requestFault(path: FieldPath, { input, part }: Subject, explanation: Explanation): RepairableFault {
  const { detail, remedy } = explanation;
  const value = valueAt(input, path);
  return { field: formatPath(path) || partNames[part], detail, remedy, ...(value === undefined ? {} : { value }) };
}
