import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Where in a value: field names and places in lists. */
export type FieldPath = readonly PropertyKey[];

/** What is wrong with a value, as the rest of a sentence that begins with its field; and how to mend it. */
export interface Explanation {
  readonly detail: string;
  readonly remedy: string;
}

/** One thing for which a value does not fit a schema. */
export interface SchemaFault extends Explanation {
  /** Empty where the value as a whole is at fault. */
  readonly path: FieldPath;
  /** What was found there; undefined where nothing was. */
  readonly value: unknown;
  /** The schema's own sentence where it has one (`error`), else that of its library. */
  readonly message: string;
}

/** A schema's complaints as sentences for a person: the one place that knows how its library words them. */
export function schemaFaults(error: z.core.$ZodError, input: unknown): SchemaFault[] {
  return error.issues.flatMap((issue) => faultsOf(issue, [], input));
}

function faultsOf(issue: Issue, parents: FieldPath, input: unknown): SchemaFault[] {
  const path = [...parents, ...issue.path];
  const { message } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => faultAt([...path, key], input, message, unknownField));
  }
  const value = valueAt(input, path);
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = fittingBranch(issue.errors, value);
    if (branch !== undefined) return branch.flatMap((inner) => faultsOf(inner, path, input));
    return [faultAt(path, input, message, noBranchFits(issue.errors, value))];
  }
  return [faultAt(path, input, message, explain(issue, value))];
}

function faultAt(path: FieldPath, input: unknown, message: string, explanation: Explanation): SchemaFault {
  return { path, value: valueAt(input, path), message, ...explanation };
}

const unknownField: Explanation = {
  detail: 'is not a field that is known here',
  remedy: 'Remove it, or correct its spelling.',
};

/**
 * A union fails with the issues of every branch. The one that was meant is the one for values of this kind: its issues lie
 * inside the value, or are about which value it is, instead of rejecting its kind.
 */
function fittingBranch(branches: readonly (readonly Issue[])[], value: unknown): readonly Issue[] | undefined {
  return branches
    .filter((issues) => !issues.some((issue) => expectedKind(issue, value) !== undefined))
    .sort((one, other) => one.length - other.length)[0];
}

function noBranchFits(branches: readonly (readonly Issue[])[], value: unknown): Explanation {
  const kinds = branches.flat().map((issue) => expectedKind(issue, value));
  return wrongType(kinds.filter((kind) => kind !== undefined).join(' or '), value);
}

/** What a branch of a union would take, where it rejects the very kind of a value; undefined where it does not. */
function expectedKind(issue: Issue, value: unknown): string | undefined {
  if (issue.path.length > 0) return undefined;
  if (issue.code === 'invalid_type') return nameOfType(issue.expected);
  if (issue.code !== 'invalid_value' || issue.values.some((choice) => typeof choice === typeof value)) return undefined;
  return oneOf(issue.values);
}

function explain(issue: Issue, value: unknown): Explanation {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(nameOfType(issue.expected), value);
    case 'too_small':
      return outOfBounds(issue, issue.minimum, issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big':
      return outOfBounds(issue, issue.maximum, issue.inclusive === false ? 'less than' : 'at most');
    case 'invalid_value':
      return wrongType(oneOf(issue.values), value);
    case 'invalid_union':
      // A union whose form a field decides on: that field is at fault, and the choices are its.
      return 'options' in issue ? wrongType(oneOf(issue.options), value) : unexplained(issue);
    default:
      return unexplained(issue);
  }
}

function unexplained({ message }: Issue): Explanation {
  return { detail: `is invalid: ${message}`, remedy: 'Correct the value; /openapi.json has the schema.' };
}

function oneOf(values: readonly unknown[]): string {
  const choices = values.map((choice) => JSON.stringify(choice)).join(', ');
  return values.length === 1 ? choices : `one of ${choices}`;
}

function wrongType(expected: string, value: unknown): Explanation {
  return value === undefined
    ? { detail: 'is missing', remedy: `Add it: ${expected}.` }
    : { detail: `must be ${expected}, not ${nameOfValue(value)}`, remedy: `Give ${expected}.` };
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
  record: 'an object',
};

function nameOfType(type: string): string {
  return typeNames[type] ?? type;
}

function nameOfValue(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return 'a string';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** Characters of the longest path that is told in full; names that somebody makes up may be of any length. */
const longestPath = 300;

/** A path as `grid.alpha[1]`; empty for the value as a whole. */
export function formatPath(path: FieldPath): string {
  const text = path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
  return text.length > longestPath ? `${text.slice(0, longestPath)}…` : text;
}

/** What stands at a path of a value; undefined where nothing does. */
export function valueAt(input: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
    input,
  );
}
