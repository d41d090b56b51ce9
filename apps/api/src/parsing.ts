import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';

import { invalidRequest, type RequestPart } from './errors/invalid-request.ts';

/**
 * The service reads JSON and nothing else; any other media type is refused before it is read. An empty body counts as
 * none, since clients declare JSON for requests without a body too.
 */
export function parseJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, body.toString(), done);
  });
}

const parts: Readonly<Record<string, RequestPart>> = {
  body: 'body',
  querystring: 'querystring',
  params: 'params',
  headers: 'headers',
};

/** Validates a part of a request by its schema, and tells a misfit by field, value and remedy. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const part = parts[httpPart ?? 'body'] ?? 'body';
  return (input: unknown) => {
    const result = schema.safeParse(input);
    return result.success ? { value: result.data } : { error: invalidRequest(result.error, input, part) };
  };
};
