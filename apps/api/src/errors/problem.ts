import { CompoundSearchError, errorCatalogue, type Problem } from '@compound-search/contracts';

/** Media type of every error that the service answers with (RFC 9457). */
export const problemMediaType = 'application/problem+json';

const longestValue = 500;

/** The RFC 9457 form of an error; `instance` names this one occurrence, so that it can be found in the log. */
export function toProblem(error: CompoundSearchError, requestId: string): Problem {
  return {
    type: `urn:compound-search:error:${error.code}`,
    title: errorCatalogue[error.code].title,
    status: error.status,
    code: error.code,
    detail: error.message,
    instance: `urn:uuid:${requestId}`,
    ...(error.field === undefined ? {} : { field: error.field }),
    ...shown(error.value),
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(error.faults === undefined
      ? {}
      : { errors: error.faults.map(({ field, detail, value }) => ({ field, detail, ...shown(value) })) }),
  };
}

/**
 * The value at fault as JSON can carry it. Numbers that JSON has no form for become their names; a value too long to
 * read is left out, since the field already says where it is.
 */
function shown(value: unknown): { value?: unknown } {
  if (value === undefined) return {};
  if (typeof value === 'number' && !Number.isFinite(value)) return { value: String(value) };
  const text = jsonOf(value);
  return text !== undefined && text.length <= longestValue ? { value } : {};
}

/** Undefined for what JSON has no form for. That must not be a second error while the first one is told. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
