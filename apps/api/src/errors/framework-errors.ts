import { CompoundSearchError, type ErrorCode, type ErrorDetails } from '@compound-search/contracts';

/** A refusal, as far as it does not depend on the request. */
type Refusal = readonly [code: ErrorCode, message: string, details: ErrorDetails];

const noSuchPath: Refusal = [
  'NOT_FOUND',
  'There is nothing at this path',
  { remedy: 'See /openapi.json for all paths.' },
];
const bodyTooLarge: Refusal = [
  'BODY_TOO_LARGE',
  'The body is larger than the service accepts',
  {
    field: 'body',
    remedy: 'Give an axis as from, to and step instead of a list, or raise BODY_LIMIT of the service.',
  },
];
const notJson: Refusal = [
  'UNSUPPORTED_MEDIA_TYPE',
  'The body is not declared as JSON',
  { field: 'content-type', remedy: 'Send the header content-type: application/json.' },
];
const malformed: Refusal = [
  'MALFORMED_REQUEST',
  'The request cannot be read',
  { remedy: 'Send it again, whole; /openapi.json describes all requests.' },
];

/** By status, since the framework's own codes change with its versions. */
const refusals: Readonly<Record<number, Refusal>> = {
  404: noSuchPath,
  413: bodyTooLarge,
  414: noSuchPath,
  415: notJson,
};

/**
 * What the framework refuses by itself before a handler runs, and what fails while a body is read, such as a client that
 * goes: the client's fault, which is never told as the service's own. Undefined for anything else.
 */
export function fromFramework(error: unknown): CompoundSearchError | undefined {
  if (!(error instanceof Error)) return undefined;
  // A path that cannot be decoded has no resource; Fastify calls it a bad request.
  if ('code' in error && error.code === 'FST_ERR_BAD_URL') return refuse(noSuchPath, error);
  const status = 'statusCode' in error ? error.statusCode : undefined;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  return refuse(refusals[status] ?? malformed, error);
}

function refuse([code, message, details]: Refusal, cause: unknown): CompoundSearchError {
  return new CompoundSearchError(code, message, { ...details, cause });
}
