import { CompoundSearchError } from '@compound-search/contracts';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One thing that is wrong with a request: where, what was found there, and what would be right. */
export interface Fault {
  readonly field: string;
  readonly detail: string;
  readonly value?: unknown;
}

/** A fault with what to do about it. */
export interface RepairableFault extends Fault {
  readonly remedy: string;
}

/** Which part of a request was validated; it names the field where a fault concerns the part as a whole. */
export type RequestPart = 'body' | 'querystring' | 'params' | 'headers';

const partNames = { body: 'body', querystring: 'query', params: 'path', headers: 'headers' } as const;

/** A request that does not fit its schema, with all its faults; the first one is the error's own field and value. */
export class InvalidRequestError extends CompoundSearchError {
  readonly faults: readonly Fault[];

  constructor(faults: readonly [RepairableFault, ...RepairableFault[]]) {
    const [first] = faults;
    super('VALIDATION_FAILED', `${first.field} ${first.detail}${countOthers(faults.length)}`, first);
    this.faults = faults.slice(0, mostFaults).map(({ field, detail, value }) => ({ field, detail, value }));
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
  const faults = error.issues.flatMap((issue) => faultsOf(issue, [], { input, part }));
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

function faultsOf(issue: Issue, parents: Path, subject: Subject): RepairableFault[] {
  const path = [...parents, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownField([...path, key], subject));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = fittingBranch(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => faultsOf(inner, path, subject));
    return [requestFault(path, subject, noBranchFits(issue.errors, valueAt(subject.input, path)))];
  }
  return [requestFault(path, subject, explain(issue, valueAt(subject.input, path)))];
}

/**
 * A union fails with the issues of every branch. The one that the client meant is the one whose shape the value has:
 * its issues lie inside the value instead of rejecting the value as a whole.
 */
function fittingBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches
    .filter((issues) => !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0))
    .sort((one, other) => one.length - other.length)[0];
}

function noBranchFits(branches: readonly (readonly Issue[])[], value: unknown): Explanation {
  const expected = branches
    .flatMap((issues) => issues.filter((issue) => issue.code === 'invalid_type' && issue.path.length === 0))
    .map((issue) => (issue.code === 'invalid_type' ? nameOfType(issue.expected) : ''))
    .join(' or ');
  return wrongType(expected, value);
}

function unknownField(path: Path, subject: Subject): RepairableFault {
  return requestFault(path, subject, {
    detail: 'is not a field that is known here',
    remedy: 'Remove it, or correct its spelling.',
  });
}

/** What is wrong with a value, as the rest of a sentence that begins with its field; and how to mend it. */
export interface Explanation {
  readonly detail: string;
  readonly remedy: string;
}

/** What is wrong at one place of a request. */
export function requestFault(path: Path, { input, part }: Subject, { detail, remedy }: Explanation): RepairableFault {
  const field = path.length === 0 ? partNames[part] : formatPath(path);
  const value = valueAt(input, path);
  return { field, detail, remedy, ...(value === undefined ? {} : { value }) };
}

function explain(issue: Issue, value: unknown): Explanation {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(nameOfType(issue.expected), value);
    case 'too_small':
      return outOfBounds(issue, issue.minimum, issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big':
      return outOfBounds(issue, issue.maximum, issue.inclusive === false ? 'less than' : 'at most');
    case 'invalid_value': {
      const choices = issue.values.map((choice) => JSON.stringify(choice)).join(', ');
      return wrongType(issue.values.length === 1 ? choices : `one of ${choices}`, value);
    }
    default:
      return { detail: `is invalid: ${issue.message}`, remedy: 'Correct the value; /openapi.json has the schema.' };
  }
}

function wrongType(expected: string, value: unknown): Explanation {
  return value === undefined
    ? { detail: 'is missing', remedy: `Add it: ${expected}.` }
    : { detail: `must be ${expected}, not ${describe(value)}`, remedy: `Give ${expected}.` };
}

const units: Readonly<Record<string, [singular: string, plural: string]>> = {
  array: ['item', 'items'],
  string: ['character', 'characters'],
};

function outOfBounds(issue: { readonly origin: string }, bound: number | bigint, relation: string): Explanation {
  const unit = units[issue.origin];
  const amount = `${relation} ${String(bound)}`;
  if (unit === undefined) return { detail: `must be ${amount}`, remedy: `Give a value of ${amount}.` };
  const counted = `${amount} ${bound === 1 ? unit[0] : unit[1]}`;
  return { detail: `must have ${counted}`, remedy: `Give ${counted}.` };
}

const typeNames: Readonly<Record<string, string>> = {
  number: 'a finite number',
  int: 'an integer',
  string: 'a string',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
};

function nameOfType(type: string): string {
  return typeNames[type] ?? type;
}

function describe(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return 'a string';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** Characters of the longest path that is told in full; names that a client makes up may be of any length. */
const longestPath = 300;

function formatPath(path: Path): string {
  const text = path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
  return text.length > longestPath ? `${text.slice(0, longestPath)}…` : text;
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
    input,
  );
}
