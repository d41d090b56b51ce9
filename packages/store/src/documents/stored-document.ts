import { CompoundSearchError } from '@compound-search/contracts';
import { z } from 'zod';

import { jsonText } from '../database/json-text.ts';
import { Prisma } from '../generated/client.ts';

/** Takes a document of one version to the next. It gets what was stored, so it trusts nothing in it. */
export type Upgrade = (document: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** A kind of document that is stored as jsonb. */
export interface DocumentKind<T extends z.ZodType> {
  /** As an error names it. */
  readonly name: string;
  /** What this version of the service works with. */
  readonly schema: T;
  /** From version 1 on: the first takes version 1 to 2, and so on. The last one leads to what the schema reads. */
  readonly upgrades: readonly Upgrade[];
}

/** Beside the document's own keys, so that SQL finds those where it expects them. */
const VERSION_KEY = 'documentVersion';

// Made once: hundreds of documents are read for one answer.
const anyObject = z.looseObject({}).catch({});

/** The version in which documents of a kind are written. */
function currentVersion({ upgrades }: DocumentKind<z.ZodType>): number {
  return upgrades.length + 1;
}

/**
 * A document as the text of a jsonb value, with its version, and with text that PostgreSQL can hold.
 * @throws ZodError where it does not fit the schema, so that nothing is stored that could not be read.
 */
export function storedText<T extends z.ZodType<object>>(kind: DocumentKind<T>, document: z.infer<T>): string {
  return jsonText({ ...kind.schema.parse(document), [VERSION_KEY]: currentVersion(kind) });
}

/** The same for Prisma's client. */
export function storedJson<T extends z.ZodType<object>>(
  kind: DocumentKind<T>,
  document: z.infer<T>,
): Prisma.InputJsonObject {
  return JSON.parse(storedText(kind, document)) as Prisma.InputJsonObject;
}

/**
 * Reads a document of this version or of an earlier one. Keys that the schema does not know, at any depth, were written
 * by another version and are left out, also where a request with them would be refused; what is absent takes the
 * schema's default.
 * @throws CompoundSearchError `RECORD_UNREADABLE` where a newer version has written it, or it does not fit the schema.
 */
export function readStored<T extends z.ZodType>(kind: DocumentKind<T>, stored: unknown): z.infer<T> {
  const { [VERSION_KEY]: stamp = 1, ...document } = anyObject.parse(stored);
  const version = Number(stamp);
  if (!Number.isInteger(version) || version < 1 || version > currentVersion(kind)) {
    throw unreadable(kind, `it has version ${String(stamp)}, and this service knows ${currentVersion(kind)}`);
  }
  try {
    const upgraded = kind.upgrades.slice(version - 1).reduce((current, upgrade) => upgrade(current), document);
    return parseTolerantly(kind.schema, upgraded);
  } catch (error) {
    throw unreadable(kind, error instanceof z.ZodError ? z.prettifyError(error) : String(error), error);
  }
}

/** As {@link readStored}, of a column that may be empty. */
export function readStoredOrNull<T extends z.ZodType>(kind: DocumentKind<T>, stored: unknown): z.infer<T> | null {
  return stored === null ? null : readStored(kind, stored);
}

/** What was read; undefined where this version cannot read it, for a list that must show the rest. */
export function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof CompoundSearchError && error.code === 'RECORD_UNREADABLE') return undefined;
    throw error;
  }
}

/** Holds for rows whose document this version of the service can read: the rest is for a newer one. */
export function isReadable(column: Prisma.Sql, kind: DocumentKind<z.ZodType>): Prisma.Sql {
  return Prisma.sql`coalesce((${column} ->> ${VERSION_KEY})::int, 1) <= ${currentVersion(kind)}`;
}

function unreadable({ name }: DocumentKind<z.ZodType>, reason: string, cause?: unknown): CompoundSearchError {
  return new CompoundSearchError('RECORD_UNREADABLE', `The stored ${name} cannot be read: ${reason}`, {
    field: name,
    remedy: 'Read it with the version of the service that has written it, or a newer one.',
    cause,
  });
}

/** Parses a document, and again without the keys that a strict schema refuses, until there are none. */
function parseTolerantly<T extends z.ZodType>(schema: T, document: unknown): z.infer<T> {
  let current = document;
  for (;;) {
    const parsed = schema.safeParse(current);
    if (parsed.success) return parsed.data;
    current = structuredClone(current);
    const removed = unknownKeys(parsed.error.issues).filter((path) => removeKey(current, path));
    if (removed.length === 0) throw parsed.error;
  }
}

type Path = readonly PropertyKey[];

/** Paths of the keys that are only too much. In a union, those of the alternatives that lack nothing else. */
function unknownKeys(issues: readonly z.core.$ZodIssue[]): Path[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...issue.path, key]);
    if (issue.code !== 'invalid_union') return [];
    const [only] = issue.errors.map((alternative) => excessOf(alternative)).filter((paths) => paths.length > 0);
    return (only ?? []).map((path) => [...issue.path, ...path]);
  });
}

/** The unknown keys of an alternative that has no other fault; none where it has. */
function excessOf(issues: readonly z.core.$ZodIssue[]): Path[] {
  const paths = unknownKeys(issues);
  const others = issues.filter(({ code }) => code !== 'unrecognized_keys' && code !== 'invalid_union');
  return others.length === 0 ? paths : [];
}

/** @returns whether the key was there. */
function removeKey(document: unknown, path: Path): boolean {
  let holder = document;
  for (const key of path.slice(0, -1)) holder = isObject(holder) ? Reflect.get(holder, key) : undefined;
  const last = path.at(-1);
  return isObject(holder) && last !== undefined && last in holder && Reflect.deleteProperty(holder, last);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
