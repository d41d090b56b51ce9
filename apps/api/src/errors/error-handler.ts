import { CompoundSearchError } from '@compound-search/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { fromFramework } from './framework-errors.ts';
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

function toCatalogue(error: unknown): CompoundSearchError {
  if (error instanceof CompoundSearchError) return error;
  return (
    fromFramework(error) ??
    new CompoundSearchError('INTERNAL', 'The service met an unexpected error', {
      remedy: 'Try again; if it persists, look for the instance of this error in the log of the service.',
      cause: error,
    })
  );
}
