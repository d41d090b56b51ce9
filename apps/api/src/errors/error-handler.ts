import { CompoundSearchError } from '@compound-search/contracts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

import { problemMediaType, toProblem } from './problem.ts';

/** Answers any error as problem details. What is not in the catalogue is a bug: it is logged in full and told as INTERNAL. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toCatalogue(error);
  if (known.status >= 500) {
    request.log.error({ err: error, code: known.code }, 'the request failed');
  } else {
    request.log.info({ code: known.code, field: known.field }, 'the request was refused');
  }
  return reply.code(known.status).type(problemMediaType).send(toProblem(known, request.id));
}

/** Answers a path that no route has. */
export function answerUnknownRoute(request: FastifyRequest): never {
  throw unknownRoute(request.method, request.url);
}

function unknownRoute(method: string, url: string): CompoundSearchError {
  return new CompoundSearchError('NOT_FOUND', `There is nothing at ${method} ${url.slice(0, 200)}`, {
    remedy: 'See /openapi.json for all paths.',
  });
}

function toCatalogue(error: unknown): CompoundSearchError {
  if (error instanceof CompoundSearchError) return error;
  const status = isFastifyError(error) ? fromFastify(error) : undefined;
  return (
    status ??
    new CompoundSearchError('INTERNAL', 'The service met an unexpected error', {
      remedy: 'Try again; if it persists, look for the instance of this error in the log of the service.',
      cause: error,
    })
  );
}

function isFastifyError(error: unknown): error is FastifyError {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_ERR_')
  );
}

/** What the framework refuses by itself, before a handler runs. */
function fromFastify(error: FastifyError): CompoundSearchError | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new CompoundSearchError('MALFORMED_JSON', 'The body is not valid JSON', {
        field: 'body',
        remedy: 'Send one JSON object, complete and without comments.',
        cause: error,
      });
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new CompoundSearchError('BODY_TOO_LARGE', 'The body is larger than the service accepts', {
        field: 'body',
        remedy: 'Give an axis as from, to and step instead of a list, or raise BODY_LIMIT of the service.',
        cause: error,
      });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new CompoundSearchError('UNSUPPORTED_MEDIA_TYPE', 'The body is not declared as JSON', {
        field: 'content-type',
        remedy: 'Send the header content-type: application/json.',
        cause: error,
      });
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new CompoundSearchError('NOT_FOUND', 'There is nothing at this path', {
        remedy: 'See /openapi.json for all paths.',
        cause: error,
      });
    default:
      return undefined;
  }
}
